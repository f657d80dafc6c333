import type { Service } from "../api/answers/catalogue";

/** Who calls each service: the needs of all, read backwards. */
export function neededBy(services: Service[]): Map<string, string[]> {
  const callers = new Map<string, string[]>();
  for (const service of services) {
    for (const need of service.needs ?? []) callers.set(need, [...(callers.get(need) ?? []), service.name]);
  }
  return callers;
}

/** Whether everything that was typed stands somewhere in what is known of a service. */
export function isSought(service: Service, query: string): boolean {
  const versions = (service.environments ?? []).map((row) => `${row.environment} ${row.version ?? ""}`);
  const bad = (service.quarantined ?? []).map((row) => row.version);
  const text = [service.name, service.owner ?? "", service.kind ?? "", ...(service.needs ?? []), ...versions, ...bad].join(" ").toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
