import type { Gate, Poll, Position, Prepared } from "../api/answers/poll";

/** How a position looks in its row: a state of the page's table, and what is said beside it. */
export type RowState = "go" | "no-go" | "go-if" | "void" | "no-answer" | "your-turn" | "absent" | "delegated";

/** Whether the caller may vote for it; `undefined` where the core does not say who the caller is. */
export function isYours(position: Position, you: string | undefined): boolean | undefined {
  return you === undefined ? undefined : position.voters.includes(you);
}

/** The state of a row. */
export function stateOf(position: Position, you: string | undefined): RowState {
  switch (position.word) {
    case "go":
    case "no-go":
    case "absent":
    case "delegated":
      return position.word;
    case "condition-met":
    case "condition-open":
      return "go-if";
    case "silent":
      if (isYours(position, you) === true) return "your-turn";
      return position.void ? "void" : "no-answer";
  }
}

/** Whether it says go now. */
export function isGo(position: Position): boolean {
  return position.word === "go" || position.word === "condition-met";
}

/** The poll that waits for words; the last one where none does. */
export function current(polls: Poll[]): Poll | undefined {
  return polls.find((poll) => poll.decision !== "go") ?? polls.at(-1);
}

/** The gate that a poll stands before; the poll of readiness stands before the start, too. */
export function gateOf(prepared: Prepared, stage: string | undefined): Gate | undefined {
  return prepared.gates.find((gate) => gate.stage === stage) ?? prepared.gates[0];
}

/** How many positions say what, in the order in which it is read. */
export function tally(poll: Poll, you: string | undefined): { go: number; "no-go": number; "go-if": number; void: number; without: number; advisory: number } {
  const of = (...states: RowState[]) =>
    poll.positions.filter((position) => !position.advisory && states.includes(stateOf(position, you))).length;
  return {
    go: of("go"),
    "no-go": of("no-go"),
    "go-if": of("go-if"),
    void: of("void"),
    without: of("no-answer", "your-turn", "absent", "delegated"),
    advisory: poll.positions.filter((position) => position.advisory).length,
  };
}

/** What is missing at a gate: votes, items, and what is neither (a freeze, a changed plan). */
export function missing(prepared: Prepared, poll: Poll | undefined, gate: Gate | undefined): { votes: number; items: number; rest: number } {
  const reasons = gate?.reasons ?? [];
  const votes = reasons.filter((reason) => poll?.reasons.includes(reason)).length;
  const ids = prepared.lists.flatMap((list) => list.items.map((item) => item.id));
  const items = reasons.filter((reason) => ids.some((id) => reason.startsWith(`${id} `))).length;
  return { votes, items, rest: reasons.length - votes - items };
}

/** Which position is asked first: the caller's own, else the first one that is silent. */
export function first(poll: Poll, you: string | undefined): string | undefined {
  const silent = poll.positions.filter((position) => position.word === "silent");
  const own = silent.find((position) => isYours(position, you) === true);
  return (own ?? silent[0] ?? poll.positions[0])?.role;
}

/** The time of the vote that came last. */
export function lastVote(poll: Poll): string | undefined {
  return poll.positions.flatMap((position) => position.at ?? []).sort().at(-1);
}

/** A vote's own words: the role and the voter stand beside it, so that they need not be said again. */
export function spoken(position: Position): string {
  const { sentence, role, by } = position;
  if (sentence === `${role} says go (${by})` || sentence === `${role} says no-go (${by})`) return "";
  const opening = [`${role} says go (${by}): `, `${role} says no-go (${by}): `].find((start) => sentence.startsWith(start));
  return opening === undefined ? sentence : sentence.slice(opening.length);
}
