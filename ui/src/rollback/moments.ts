import type { Moment } from "../api/answers/rollback";

/** The place of the moment that is dearest to go back from; of two alike the earlier. */
export function worst(moments: Moment[]): number {
  return moments.reduce(
    (found, moment, index) => (cost(moment) > cost(moments[found]) ? index : found),
    0,
  );
}

function cost(moment: Moment | undefined): number {
  return moment?.rollback.estimate_ms ?? -1;
}

/** The place of the first moment from which something cannot be undone; `undefined` where there is none. */
export function pointOfNoReturn(moments: Moment[]): number | undefined {
  const found = moments.findIndex((moment) => moment.no_return ?? moment.rollback.cannot_undo.length > 0);
  return found < 0 ? undefined : found;
}

/** The moment that the core says a run has reached. A release that did not begin stands at the first. */
export function reached(moments: Moment[]): number {
  return Math.max(0, moments.findIndex((moment) => moment.now === true));
}

/** How many nodes a way back touches. */
export function touched(moment: Moment): number {
  return moment.rollback.waves.reduce((sum, wave) => sum + wave.length, 0);
}

/** The steps that stay as they are, because they cannot be undone or need not be. */
export function stays(moment: Moment): { step: string; reason: string }[] {
  const { left, cannot_undo } = moment.rollback;
  return left ?? cannot_undo.map((step) => ({ step, reason: "irreversible" }));
}

/** The moments behind this one at which going back becomes slower, or impossible in part. */
export function slower(moments: Moment[], from: number): { moment: Moment; by: number; noReturn: boolean }[] {
  return moments.slice(from + 1).flatMap((moment, offset) => {
    const before = moments[from + offset];
    if (!before) return [];
    const by = moment.rollback.estimate_ms - before.rollback.estimate_ms;
    const noReturn = moment.rollback.cannot_undo.length > before.rollback.cannot_undo.length;
    return by >= 1000 || noReturn ? [{ moment, by, noReturn }] : [];
  });
}

/** Whether the times stand on what was declared alone, because too few runs are known. */
export function isEstimated(moments: Moment[]): boolean {
  return moments.some((moment) => moment.basis === "estimates");
}

/** Whether the core said how long nine of ten take. */
export function knowsP90(moments: Moment[]): boolean {
  return moments.some((moment) => moment.rollback.estimate_p90_ms !== undefined);
}
