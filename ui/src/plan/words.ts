// Settings of a node in the few words that a panel has room for.

import { mapOf, type Reading, strategyOf, textOf, type Written } from "./reading";

/** How health is looked at: `/healthz 200, 3 in a row, in 60s`. */
export function healthWords(node: Written, reading: Reading): string {
  const health = mapOf(node.body["health"] ?? reading.defaults["health"]);
  const http = mapOf(health["http"]);
  const tcp = mapOf(health["tcp"]);
  const exec = Array.isArray(health["exec"]) ? health["exec"].join(" ") : undefined;
  const what = [textOf(http["path"]), textOf(http["status"])].filter(Boolean).join(" ");
  const consecutive = textOf(health["consecutive"]);
  const within = textOf(health["within"]);
  return [
    what || (tcp["port"] === undefined ? exec : `port ${textOf(tcp["port"]) ?? ""}`),
    consecutive === undefined ? undefined : `${consecutive} in a row`,
    within === undefined ? undefined : `in ${within}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The metrics by which a node is judged. */
export function judgedBy(node: Written, reading: Reading): string[] {
  const metrics = mapOf(node.body["judge"] ?? reading.defaults["judge"])["metrics"];
  return Array.isArray(metrics) ? metrics.flatMap((metric: unknown) => textOf(metric) ?? []) : [];
}

/** Whether a node says something itself, or takes the release's default. */
export function isOwn(node: Written, key: string): boolean {
  return node.body[key] !== undefined;
}

/** Where it runs: how many of it, and on which connection. */
export function runsOn(node: Written): { replicas: string; connection: string } | undefined {
  const workload = mapOf(node.body["workload"]);
  const connection = textOf(workload["connection"]);
  return connection === undefined ? undefined : { replicas: textOf(workload["replicas"]) ?? "1", connection };
}

/** A list of shares as people type it, and back. */
export function sharesText(settings: Record<string, unknown>): string {
  const steps = settings["steps"];
  return Array.isArray(steps) ? steps.map((step: unknown) => textOf(step) ?? "").join(", ") : "";
}

export function sharesList(typed: string): string[] {
  return typed
    .split(/[\s,;·]+/)
    .filter(Boolean)
    .map((share) => (share.endsWith("%") ? share : `${share}%`));
}

/** A reason with the points that it gave, apart. */
export function points(reason: string): { points?: string; text: string } {
  const found = /^(.*?) \(([+-]\d+)\)\.?$/.exec(reason);
  return found ? { points: found[2], text: found[1] ?? "" } : { text: reason };
}

/** Which strategies can be chosen: the recommended one first, each with the reason that the core gave. */
export function choices(
  current: string,
  recommended: string | undefined,
  alternatives: readonly string[],
): { name: string; why: string; isRecommended: boolean }[] {
  const list: { name: string; why: string; isRecommended: boolean }[] = [];
  if (recommended !== undefined) list.push({ name: recommended, why: "", isRecommended: true });
  for (const alternative of alternatives) {
    const [name = "", ...why] = alternative.split(": ");
    if (!list.some((one) => one.name === name)) list.push({ name, why: why.join(": "), isRecommended: false });
  }
  if (current !== "" && !list.some((one) => one.name === current)) list.push({ name: current, why: "", isRecommended: false });
  return list;
}

const BARE = ["recreate", "rolling", "blue-green", "canary", "progressive"];

/** How a strategy that was chosen is written; what both kinds of schema change need is kept. */
export function written(name: string, node: Written): string | { [key: string]: { expand: string } } {
  if (BARE.includes(name)) return name;
  return { [name]: { expand: textOf(strategyOf(node).settings["expand"]) ?? `migrations/${node.id}.sql` } };
}
