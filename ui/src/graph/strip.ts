// The bars of the strip: when each node begins, as the core says, and how long it takes.

import type { PlanAnswer } from "../api/answers/plan";
import type { Times } from "./times";

export type Bar = { id: string; from: number; length: number; row: number; isCritical: boolean };

const ROWS = 2;

/** The bars in two rows: the critical path above, as many others as fit below; none without times. */
export function bars(plan: PlanAnswer | undefined, times: Times | undefined): { bars: Bar[]; whole: number } {
  const critical = new Set(plan?.critical_path.nodes ?? []);
  const sorted = [...(times?.nodes ?? [])]
    .map(([id, { from, to }]) => ({ id, from, length: to - from, isCritical: critical.has(id) }))
    .sort((one, other) => Number(other.isCritical) - Number(one.isCritical) || other.length - one.length);
  const whole = Math.max(...sorted.map((bar) => bar.from + bar.length), times?.noReturn ?? 0, 0);
  // The shortest node still has to be seen and pressed, so that it takes some room.
  const least = whole * 0.01;
  const rows: [number, number][][] = Array.from({ length: ROWS }, () => []);
  const placed: Bar[] = [];
  for (const bar of sorted) {
    const end = bar.from + Math.max(bar.length, least);
    const row = rows.findIndex((taken) => taken.every(([from, to]) => bar.from >= to || end <= from));
    if (row < 0) continue;
    rows[row]?.push([bar.from, end]);
    placed.push({ ...bar, row });
  }
  return { bars: placed, whole };
}

const STEPS = [60_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000];

/** Where times are written: at most seven of them, on round numbers. */
export function ticks(whole: number): number[] {
  const step = STEPS.find((one) => whole / one <= 6) ?? whole;
  const marks: number[] = [];
  for (let at = 0; at < whole && step > 0; at += step) marks.push(at);
  return marks;
}
