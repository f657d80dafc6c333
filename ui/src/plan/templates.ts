// What a new node says at first: as much as is right in most cases, so that the plan is whole at once
// wherever the file has what the node needs.

import type { Reading } from "./reading";
import type { Value } from "./text/source";

export const KINDS = ["app", "config", "database", "flag", "task"] as const;
export type Kind = (typeof KINDS)[number];

type Body = { readonly [key: string]: Value | undefined };

/** Which kinds of connections serve what; the first one of the file is taken. */
const PLATFORMS = ["docker", "simulated"];
const ROUTERS = ["haproxy"];
const FLAGS = ["unleash", "simulated"];
const DATABASES = ["postgres", "simulated"];

export function bodyOf(kind: Kind, id: string, reading: Reading): Body {
  switch (kind) {
    case "app":
    case "config":
      return serving(kind, id, reading);
    case "database":
      return {
        kind,
        connection: connection(reading, DATABASES) ?? "database",
        strategy: { "expand-contract": { expand: `migrations/${id}.sql` } },
      };
    case "flag":
      return { kind, connection: connection(reading, FLAGS) ?? "flags", flag: { name: id }, strategy: "progressive" };
    case "task":
      return { kind, run: { manual: `Do ${id}`, undo: `Undo ${id}` } };
  }
}

function serving(kind: Kind, id: string, reading: Reading): Body {
  const router = connection(reading, ROUTERS);
  return {
    kind,
    version: { from: "1.0.0", to: "1.1.0" },
    workload: { connection: connection(reading, PLATFORMS) ?? "platform", image: `${id}:{{version}}`, port: 8080, replicas: 2 },
    ...(router && kind === "app" ? { router: { connection: router, backend: id } } : {}),
  };
}

function connection(reading: Reading, kinds: readonly string[]): string | undefined {
  for (const kind of kinds) {
    for (const [name, its] of reading.connections) if (its === kind) return name;
  }
  return undefined;
}
