import type { Prepared } from "../api/answers/poll";

/** How many of how many. */
export type Part = { done: number; all: number };

/** Required items before the start that passed or were waived; nothing where nobody is asked for any. */
export function ticked(prepared: Prepared | undefined): Part | undefined {
  const items = (prepared?.lists ?? [])
    .filter((list) => list.before !== null)
    .flatMap((list) => list.items)
    .filter((item) => item.required);
  if (items.length === 0) return undefined;
  return { done: items.filter((item) => item.result === "pass" || item.result === "waived").length, all: items.length };
}

/** Positions of the polls whose word counts and that gave it. */
export function voted(prepared: Prepared | undefined): Part | undefined {
  const positions = (prepared?.polls ?? []).flatMap((poll) => poll.positions).filter((position) => !position.advisory);
  if (positions.length === 0) return undefined;
  return { done: positions.filter((position) => position.word !== "silent").length, all: positions.length };
}
