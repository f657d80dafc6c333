import type { RunSummary } from "../api/answers";

/** How many runs ended in which way, the most frequent first. */
export type Ended = { state: string; count: number; share: number };

/** Counts the outcomes of runs that are over. */
export function outcomesOf(runs: RunSummary[]): Ended[] {
  const ended = runs.filter((run) => run.ended);
  const counts = new Map<string, number>();
  for (const run of ended) counts.set(run.state, (counts.get(run.state) ?? 0) + 1);
  return [...counts]
    .map(([state, count]) => ({ state, count, share: count / ended.length }))
    .sort((a, b) => b.count - a.count || a.state.localeCompare(b.state));
}

/** How long the runs of one release took. */
export type Took = { release: string; runs: number; median: number; longest: number };

/** Durations of runs that succeeded, by release, the longest first. */
export function durationsOf(runs: RunSummary[]): Took[] {
  const byRelease = new Map<string, number[]>();
  for (const run of runs) {
    if (run.state !== "succeeded") continue;
    const release = run.run.replace(/#\d+$/, "");
    const took = Date.parse(run.changed_at) - Date.parse(run.started_at);
    byRelease.set(release, [...(byRelease.get(release) ?? []), took]);
  }
  return [...byRelease]
    .map(([release, all]) => ({ release, runs: all.length, median: median(all), longest: Math.max(...all) }))
    .sort((a, b) => b.longest - a.longest);
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
