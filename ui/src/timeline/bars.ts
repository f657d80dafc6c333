import type { Account } from "../api/answers/report";
import type { Moment } from "../api/answers/rollback";
import type { TimedPlan, Timetable } from "../api/answers/timeline";

/** A stretch of time, in milliseconds from the start. */
export type Span = { from: number; to: number };

/** What a planned stretch is: work, or watching while time passes. */
export type Piece = Span & { step: string; kind: "work" | "bake"; late: number };

/** What really happened in a step. */
export type Actual = Span & { step: string; kind: "done" | "running" | "failed" | "undone" };

export type Row = {
  node: string;
  kind: string;
  wave: number;
  critical: boolean;
  pieces: Piece[];
  planned?: Span & { late: number };
  /** When people are asked. */
  approvals: { at: number; step: string }[];
  slack: number;
  estimate: number;
  atLeast: boolean;
  actual: Actual[];
};

const WATCHES = new Set(["bake", "soak", "compare"]);

/** The rows of the chart, in the plan's order; without a timetable the moments at which steps end stand in. */
export function rows(plan: TimedPlan, actual: ReadonlyMap<string, Actual[]>, moments: Moment[] = []): Row[] {
  const slots = new Map(plan.steps.map((step, index) => [step.id, plan.timetable?.steps[index]]));
  const places = new Map(plan.nodes.map((node) => [node.id, node]));
  return plan.order.flatMap((id) => {
    const node = places.get(id);
    if (!node) return [];
    const steps = plan.steps.filter((step) => step.node === id);
    const pieces = plan.timetable ? steps.flatMap((step) => piece(step, slots.get(step.id))) : between(moments.filter((moment) => moment.node === id));
    const approvals = steps.flatMap((step) => {
      const slot = slots.get(step.id);
      return step.action === "approve" && slot ? [{ at: slot.begins.p50_ms, step: step.id }] : [];
    });
    return [
      {
        node: id,
        kind: node.kind,
        wave: node.wave,
        critical: plan.critical_path.nodes.includes(id),
        pieces,
        planned: hull(pieces),
        approvals,
        slack: node.slack_ms,
        estimate: node.estimate_ms,
        atLeast: node.at_least ?? false,
        actual: steps.flatMap((step) => actual.get(step.id) ?? []).concat(actual.get(`undo:${id}`) ?? []),
      },
    ];
  });
}

function piece(step: TimedPlan["steps"][number], slot: Timetable["steps"][number] | undefined): Piece[] {
  // Looking whether everything is there is done before anything else, and is no part of a node's own time.
  if (!slot || step.action === "preflight" || step.action === "approve") return [];
  const kind = WATCHES.has(step.action) ? "bake" : "work";
  return [{ step: step.id, kind, from: slot.begins.p50_ms, to: slot.ends.p50_ms, late: slot.ends.p90_ms }];
}

/** What lies between the moments of a node: a mark where each of its steps ends, and watching in between. */
function between(moments: Moment[]): Piece[] {
  return moments.flatMap((moment, index): Piece[] => {
    const [step, to, late] = [moment.step ?? "", moment.at_ms_p50, moment.at_ms_p90];
    const before = moments[index - 1];
    const mark: Piece = { step, kind: "work", from: to, to, late };
    return before ? [{ step: `${step} `, kind: "bake", from: before.at_ms_p50, to, late: to }, mark] : [mark];
  });
}

function hull(pieces: Piece[]): (Span & { late: number }) | undefined {
  if (pieces.length === 0) return undefined;
  return {
    from: Math.min(...pieces.map((piece) => piece.from)),
    to: Math.max(...pieces.map((piece) => piece.to)),
    late: Math.max(...pieces.map((piece) => piece.late)),
  };
}

const BEGINS: Record<string, Actual["kind"]> = { "step-started": "running", "undo-started": "undone" };
const ENDS: Record<string, Actual["kind"]> = {
  "step-succeeded": "done",
  "step-failed": "failed",
  "step-cancelled": "failed",
  "undo-succeeded": "undone",
  "undo-failed": "failed",
};

/** When steps really began and ended, out of the record; what has not ended lasts until now. */
export function actuals(account: Account | undefined, now: number): Map<string, Actual[]> {
  const found = new Map<string, Actual[]>();
  const start = Date.parse(account?.started_at ?? "");
  if (!account || Number.isNaN(start)) return found;
  for (const moment of account.timeline) {
    if (!moment.step || !moment.node) continue;
    const at = Date.parse(moment.at) - start;
    const key = moment.kind.startsWith("undo-") ? `undo:${moment.node}` : moment.step;
    const begun = BEGINS[moment.kind];
    const ended = ENDS[moment.kind];
    if (begun) found.set(key, [...(found.get(key) ?? []), { step: moment.step, kind: begun, from: at, to: now - start }]);
    const open = found.get(key)?.findLast((actual) => actual.step === moment.step);
    if (ended && open) Object.assign(open, { kind: ended, to: at });
  }
  return found;
}

/** The end of the scale: the latest of what is planned, what happened and, where it is near, the window. */
export function end(all: Row[], window: Span | undefined, now: number | undefined): number {
  const planned = Math.max(0, ...all.map((row) => (row.planned ? Math.max(row.planned.late, row.planned.to + row.slack) : 0)));
  const happened = Math.max(0, ...all.flatMap((row) => row.actual.map((actual) => actual.to)));
  const latest = Math.max(planned, happened, now ?? 0, 1000);
  return window && window.to > 0 && window.to < latest * 1.6 ? Math.max(latest, window.to) : latest;
}

/** Round times for the axis, at most nine. */
export function ticks(end: number, offset: number): number[] {
  const minute = 60_000;
  const step = [1 / 60, 1 / 12, 1 / 4, 1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440].find((minutes) => end / (minutes * minute) <= 9) ?? 2880;
  const size = step * minute;
  // Round on the clock on the wall, not from the start.
  const first = Math.ceil(offset / size) * size - offset;
  return Array.from({ length: Math.max(0, Math.floor((end - first) / size) + 1) }, (_, index) => first + index * size);
}
