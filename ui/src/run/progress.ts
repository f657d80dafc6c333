// Where a run stands, from its steps: what is under way, since when and until when.

import type { PlanAnswer, PlannedStep } from "../api/answers/plan";
import type { Entry, NodeStanding, Standing } from "../api/answers/run";
import { text } from "./facts";

/** When a step began, is due and ended. */
export type Span = { began?: string; until?: string; ended?: string; said?: string };

/** The times of all steps and undos, from the record. */
export function spansOf(journal: readonly Entry[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const entry of journal) {
    if (entry.step === undefined) continue;
    const span = spans.get(entry.step) ?? {};
    const until = text(entry, "until");
    if (/-started$|-scheduled$/.test(entry.kind)) spans.set(entry.step, { began: entry.at, ...(until ? { until } : {}) });
    else if (entry.kind === "bake-extended" && until) spans.set(entry.step, { ...span, until });
    else if (/-(succeeded|failed|skipped|cancelled)$/.test(entry.kind)) spans.set(entry.step, { ...span, ended: entry.at });
    else if (entry.kind === "preflight-passed") spans.set(entry.step, { ended: entry.at });
  }
  return spans;
}

const LIVE = new Set(["acting", "watching", "asking", "by-hand", "lost", "backing-off", "unknown", "scheduled"]);

export function isLive(state: string): boolean {
  return LIVE.has(state);
}

const byPlan = new WeakMap<PlanAnswer, ReadonlyMap<string, PlannedStep>>();

/** The steps of a plan by their id; a plan never changes, so that this is made once. */
function stepsOf(plan: PlanAnswer): ReadonlyMap<string, PlannedStep> {
  const known = byPlan.get(plan);
  if (known) return known;
  const steps = new Map(plan.steps.map((step) => [step.id, step] as const));
  byPlan.set(plan, steps);
  return steps;
}

/** The step of a node that is under way. */
export function liveStep(node: NodeStanding, plan: PlanAnswer): (PlannedStep & { state: string }) | undefined {
  const live = node.steps.find((step) => isLive(step.state) && step.state !== "scheduled");
  const planned = live && stepsOf(plan).get(live.id);
  return live && planned ? { ...planned, state: live.state } : undefined;
}

/** The node on which everything looks: what needs a person first, then what moves traffic, then what runs. */
export function leading(standing: Standing, plan: PlanAnswer): NodeStanding | undefined {
  const rank = (node: NodeStanding) => {
    if (node.state === "stuck" || node.state === "failed") return 0;
    if (node.state === "waits-for-person") return 1;
    if (node.state === "rolling-back") return 2;
    if (node.state !== "running") return 9;
    const step = liveStep(node, plan);
    return step?.weight_bp !== undefined ? 3 : 4;
  };
  const critical = new Set(plan.critical_path.nodes);
  let best: { node: NodeStanding; rank: number } | undefined;
  for (const node of standing.nodes) {
    // Of two that are alike the one on the critical path leads.
    const mine = rank(node) - (critical.has(node.id) ? 0.5 : 0);
    if (rank(node) < 9 && (best === undefined || mine < best.rank)) best = { node, rank: mine };
  }
  return best?.node;
}

/** The word for what a node does: its state, or for one that runs what its step does. */
export function doing(node: NodeStanding, plan: PlanAnswer): string {
  if (node.state !== "running") return node.state;
  const action = liveStep(node, plan)?.action;
  if (action === "bake" || action === "soak") return "baking";
  if (action === "shift" || action === "set-flag") return "shifting";
  return action === "stage" ? "staging" : "running";
}

/** How far a span has come between 0 and 1, and what of it is over and in all, in milliseconds. */
export function portion(span: Span | undefined, now: number): { share: number; over: number; whole: number } | undefined {
  if (!span?.began || !span.until || span.ended) return undefined;
  const began = Date.parse(span.began);
  const whole = Date.parse(span.until) - began;
  const over = Math.min(Math.max(now - began, 0), whole);
  // A deadline beyond a day is a limit and no measure of progress.
  return whole > 0 && whole < 86_400_000 ? { share: over / whole, over, whole } : undefined;
}

/** How the nodes stand, counted: `3 done, 1 running, 4 wait`. */
export function counts(standing: Standing): { done: number; running: number; waiting: number; other: number } {
  const found = { done: 0, running: 0, waiting: 0, other: 0 };
  for (const node of standing.nodes) {
    if (node.state === "done") found.done += 1;
    else if (node.state === "running" || node.state === "rolling-back") found.running += 1;
    else if (node.state === "waiting") found.waiting += 1;
    else found.other += 1;
  }
  return found;
}

/** When the run was first on hold and is still: the hold clock counts from there. */
export function heldSince(journal: readonly Entry[]): string | undefined {
  let since: string | undefined;
  for (const entry of journal) {
    if (entry.kind === "held" && entry.node === undefined) since ??= entry.at;
    else if (entry.kind === "resumed" && entry.node === undefined) since = undefined;
  }
  return since;
}

/** When forward steps began: a run that waits for its window counts from the window's opening. */
export function zero(standing: Standing, journal: readonly Entry[]): string {
  const first = journal.find((entry) => entry.kind === "step-started");
  return first?.at ?? standing.started_at;
}
