// When each node begins and ends, as the core's moments of the planned run say.

import type { PlanAnswer } from "../api/answers/plan";
import type { Moment } from "../api/answers/rollback";

export type Times = { nodes: ReadonlyMap<string, { from: number; to: number }>; noReturn?: number; p90?: number };

/** What runs on after a node is done, and would draw its bar over all that follows. */
const AFTERWARDS = new Set(["retire", "contract", "approve", "soak"]);

export function timesOf(moments: readonly Moment[], plan: PlanAnswer): Times {
  const steps = new Map(plan.steps.map((step) => [step.id, step] as const));
  const nodes = new Map<string, { from: number; to: number }>();
  let noReturn: number | undefined;
  for (const moment of moments) {
    const step = moment.step ? steps.get(moment.step) : undefined;
    if (!step) continue;
    if (step.id === plan.point_of_no_return?.step) noReturn = moment.at_ms_p50;
    if (AFTERWARDS.has(step.action)) continue;
    // A moment is when a step is over: it began as much earlier as it takes.
    const from = Math.max(moment.at_ms_p50 - (step.estimate_ms ?? 0), 0);
    const known = nodes.get(step.node);
    nodes.set(step.node, { from: Math.min(known?.from ?? Infinity, from), to: Math.max(known?.to ?? 0, moment.at_ms_p50) });
  }
  const p90 = moments.at(-1)?.at_ms_p90;
  return { nodes, ...(noReturn === undefined ? {} : { noReturn }), ...(p90 === undefined ? {} : { p90 }) };
}
