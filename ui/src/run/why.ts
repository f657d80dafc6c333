// Which nodes are told of, and in which order: who needs a person first, what is over not at all.

import type { NodeStanding, Standing } from "../api/answers/run";
import { timeWithSeconds } from "../shared/format";

const RANK: Record<NodeStanding["state"], number> = {
  stuck: 0,
  failed: 1,
  "waits-for-person": 2,
  "rolling-back": 3,
  running: 4,
  waiting: 5,
  "left-changed": 6,
  "not-run": 7,
  "rolled-back": 8,
  done: 9,
};

export function reasons(standing: Standing): NodeStanding[] {
  const open = standing.nodes.filter((node) => node.state !== "done" && (standing.outcome === null || RANK[node.state] < 8));
  return [...open].sort((one, other) => RANK[one.state] - RANK[other.state]);
}

/** A sentence of the core with its instants in the zone of the page. */
export function readable(sentence: string): string {
  return sentence.replaceAll(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?UTC|Z)/g, (instant) =>
    timeWithSeconds(instant.replace(" UTC", "Z").replace(" ", "T")),
  );
}
