import type { ConnectionRow } from "../api/answers/connections";

/** Where a connection leads, in the words of its settings: the address first, secrets never. */
export function addressOf(row: ConnectionRow): string {
  for (const name of ["url", "host", "socket", "webhook", "region", "from"]) {
    const value = row.settings[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}
