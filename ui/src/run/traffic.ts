// Which share of its traffic the new version of each node has: as commanded and as measured. A fold
// over the record, because that is where both stand.

import type { PlanAnswer } from "../api/answers/plan";
import type { Entry } from "../api/answers/run";
import { inside } from "./facts";

export type Traffic = {
  node: string;
  kind: string;
  version?: string;
  /** Between 0 and 1. */
  commanded: number;
  measured?: number;
  /** How many requests the measured share was counted out of. */
  requests?: number;
  /** When it was measured. */
  at?: string;
};

/** The nodes that have traffic, in the plan's order. */
export function trafficOf(plan: PlanAnswer, journal: readonly Entry[]): Traffic[] {
  const weights = new Map(plan.steps.flatMap((step) => (isShift(step.action) && step.weight_bp !== undefined ? [[step.id, step.weight_bp / 10_000] as const] : [])));
  const nodes = new Map(plan.nodes.map((node) => [node.id, node] as const));
  const moved = new Set(plan.steps.filter((step) => weights.has(step.id)).map((step) => step.node));
  const shares = new Map<string, Traffic>();
  for (const id of plan.order) {
    const node = nodes.get(id);
    if (!node || !moved.has(id)) continue;
    shares.set(id, { node: id, kind: node.kind, commanded: 0, ...(node.version?.to ? { version: node.version.to } : {}) });
  }
  for (const entry of journal) {
    const share = entry.node === undefined ? undefined : shares.get(entry.node);
    if (share) shares.set(share.node, after(share, entry, weights));
  }
  return [...shares.values()];
}

function isShift(action: string): boolean {
  return action === "shift" || action === "set-flag";
}

function after(share: Traffic, entry: Entry, weights: ReadonlyMap<string, number>): Traffic {
  const weight = entry.step === undefined ? undefined : weights.get(entry.step);
  switch (entry.kind) {
    case "step-started":
      return weight === undefined ? share : { ...share, commanded: weight };
    case "step-succeeded":
      return weight === undefined ? share : measured(share, entry, "measured_bp");
    case "undo-started":
      return isTrafficUndo(entry) ? { ...share, commanded: 0 } : share;
    case "undo-succeeded":
      return isTrafficUndo(entry) ? measuredBack(share, entry) : share;
    default:
      // Other events move no traffic.
      return share;
  }
}

function isTrafficUndo(entry: Entry): boolean {
  return /\/(traffic|flag)$/.test(entry.step ?? "");
}

function measured(share: Traffic, entry: Entry, key: string): Traffic {
  const basis = inside(entry, "evidence", "facts", key);
  const requests = inside(entry, "evidence", "facts", "requests");
  if (typeof basis !== "number") return share.kind === "flag" ? { ...share, measured: share.commanded, at: entry.at } : share;
  return { ...share, measured: basis / 10_000, at: entry.at, ...(typeof requests === "number" ? { requests } : {}) };
}

/** After an undo the old version's share is what was measured. */
function measuredBack(share: Traffic, entry: Entry): Traffic {
  const basis = inside(entry, "evidence", "facts", "measured_bp");
  return { ...share, commanded: 0, measured: typeof basis === "number" ? 1 - basis / 10_000 : 0, at: entry.at };
}
