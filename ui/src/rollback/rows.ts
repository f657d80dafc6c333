import type { PlannedNode } from "../api/answers/plan";
import type { Moment, UndoneNode } from "../api/answers/rollback";

/** One line of the table: a node that goes back, in its wave. */
export type Row = {
  node: string;
  kind: string;
  actions: string[];
  from?: string;
  to?: string;
  p50: number;
  p90?: number;
  /** Where its bar begins and ends, in hundredths of the whole; no bar where the core does not say when it begins. */
  bar?: { left: number; width: number };
  /** The hundredths of the bar, at its end, in which traffic or a flag moves. */
  moves: number;
  undo?: string;
};

export type Wave = { number: number; rows: Row[] };

/** The lines of a way back, wave by wave. */
export function waves(moment: Moment, nodes: PlannedNode[]): Wave[] {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const whole = moment.rollback.estimate_ms;
  return moment.rollback.waves.map((wave, index) => ({
    number: index + 1,
    rows: wave.map((undone) => row(undone, known.get(undone.node), whole)),
  }));
}

function row(undone: UndoneNode, node: PlannedNode | undefined, whole: number): Row {
  const { start_ms, estimate_ms } = undone;
  const bar =
    start_ms === undefined || whole === 0
      ? undefined
      : { left: (start_ms / whole) * 100, width: (estimate_ms / whole) * 100 };
  return {
    node: undone.node,
    kind: undone.kind ?? node?.kind ?? "",
    actions: undone.actions,
    from: undone.from ?? node?.version?.to ?? undefined,
    to: undone.to ?? node?.version?.from ?? undefined,
    p50: estimate_ms,
    p90: undone.p90_ms,
    bar,
    moves: estimate_ms === 0 ? 0 : ((undone.traffic_ms ?? 0) / estimate_ms) * 100,
    undo: undone.undo,
  };
}

/** How many single actions a way back has. */
export function actionCount(moment: Moment): number {
  const { actions, waves: all } = moment.rollback;
  return actions?.length ?? all.flat().reduce((sum, node) => sum + node.actions.length, 0);
}

/** Four or five round times to read the bars by, as hundredths of the whole. */
export function ticks(whole: number): { at: number; milliseconds: number }[] {
  const step = [5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200].find((seconds) => whole / (seconds * 1000) <= 5) ?? 14_400;
  const count = Math.floor(whole / (step * 1000));
  return Array.from({ length: count + 1 }, (_, index) => {
    const milliseconds = index * step * 1000;
    return { milliseconds, at: whole === 0 ? 0 : (milliseconds / whole) * 100 };
  });
}
