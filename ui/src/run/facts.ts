// Reading facts of events without trusting their shape: what is not there is not made up.

import type { Entry } from "../api/answers/run";

export function text(entry: Entry, key: string): string | undefined {
  const value = entry[key];
  return typeof value === "string" ? value : undefined;
}

export function number(entry: Entry, key: string): number | undefined {
  const value = entry[key];
  return typeof value === "number" ? value : undefined;
}

/** A value inside nested maps, such as `evidence.facts.measured_bp`. */
export function inside(entry: Entry, ...path: string[]): unknown {
  let value: unknown = entry;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}

/** What an event says in a sentence: its message, or the summary of its evidence. */
export function sentence(entry: Entry): string | undefined {
  const summary = inside(entry, "evidence", "summary");
  return text(entry, "message") ?? text(entry, "summary") ?? (typeof summary === "string" ? summary : undefined);
}
