import type { JournalEvent } from "../api/answers";

const ENDINGS: [RegExp, string][] = [
  [/^finished$/, ""],
  [/undo|rollback|rolled-back/, "rolled-back"],
  [/failed|lost|refused|rejected/, "failed"],
  [/held|hold/, "held"],
  [/person|asked|by-hand|approv/, "approve"],
  [/skipped|not-run/, "skipped"],
  [/succeeded|passed|verified|ended|done|observed/, "done"],
  [/^bake-judged$|^bake-measured$/, "measured"],
  [/started|resumed|shift|began/, "running"],
];

/** The state whose icon an event is shown with; a kind that says nothing of a state is a note. */
export function stateOfEvent(event: JournalEvent): string {
  for (const [words, state] of ENDINGS) {
    if (words.test(event.kind)) return state || String(event["outcome"] ?? "done");
  }
  return "note";
}
