import type { ReleaseRow } from "../api/answers";

/** The state that a release is marked with: its run's word while it runs, its outcome after, its file's before. */
export function markOf(row: ReleaseRow): string {
  if (row.state === "ended") return row.outcome ?? "ended";
  if (row.state === "interrupted") return "interrupted";
  if (row.state === "waiting") return row.phase === "held" ? "held" : "waits-for-person";
  return row.state === "running" ? (row.phase ?? "running") : row.state;
}

/** Whether a run of it has begun and not ended: rolling back means something. */
export function isUnderWay(row: ReleaseRow | undefined): boolean {
  return row !== undefined && ["running", "waiting", "interrupted"].includes(row.state);
}
