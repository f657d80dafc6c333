import type { SheetKind } from "./desk.svelte";

/** What a person has written into the sheet of an item. */
export type Answered = {
  result: "pass" | "fail" | "not-tested";
  comment: string;
  evidence: string;
  reason: string;
  risk: string;
  /** A local time of this machine, as its field gives it. */
  until: string;
};

/** The action of `checklist` that says it. */
export function actionOf(kind: SheetKind, item: string, answered: Answered, now: number): object {
  const written = (text: string) => (text.trim() === "" ? null : text.trim());
  if (kind !== "waive") {
    const { result, comment, evidence } = answered;
    return { tick: { item, result, comment: written(comment), evidence: written(evidence) } };
  }
  const until = Date.parse(answered.until);
  const expires = new Date(Number.isNaN(until) ? now : until).toISOString();
  return { ask: { do: "waive", item, reason: answered.reason.trim(), risk: answered.risk.trim(), expires } };
}
