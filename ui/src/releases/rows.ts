import type { ReleaseRow, RunSummary } from "../api/answers";

/** The releases of a workspace as the home screen tells them: what runs now, what is next, what happened. */
export type Rows = { running: RunSummary[]; next: ReleaseRow[]; happened: RunSummary[] };

const soonest = (row: ReleaseRow) => row.window?.from ?? "9999";

/** Sorts what the core knows into the three lists. What is running is not next as well. */
export function rowsOf(releases: ReleaseRow[], runs: RunSummary[]): Rows {
  const running = runs.filter((run) => !run.ended);
  const happened = runs.filter((run) => run.ended).sort((a, b) => b.changed_at.localeCompare(a.changed_at));
  const busy = new Set(running.map((run) => releaseOf(run.run)));
  const next = releases
    .filter((row) => !busy.has(row.release) && row.state !== "ended")
    .sort((a, b) => soonest(a).localeCompare(soonest(b)) || a.release.localeCompare(b.release));
  return { running, next, happened };
}

/** The release of a run: `shop-2.4#2` is the second run of `shop-2.4`. */
export function releaseOf(run: string): string {
  return run.replace(/#\d+$/, "");
}

/** Whether everything a person typed stands somewhere in these words. */
export function matches(query: string, words: (string | null | undefined)[]): boolean {
  const text = words.filter(Boolean).join(" ").toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** The three lists with only what was looked for. */
export function found(rows: Rows, query: string): Rows {
  if (query.trim() === "") return rows;
  return {
    running: rows.running,
    next: rows.next.filter((row) => matches(query, [row.release, row.name, row.environment, row.owner, ...row.targets.map((target) => target.service)])),
    happened: rows.happened.filter((run) => matches(query, [run.run, run.title, run.environment, run.state])),
  };
}
