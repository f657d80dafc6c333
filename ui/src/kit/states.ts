import type { IconName } from "./icons";

export type Tone = "ink-1" | "ink-2" | "ink-3" | "accent" | "ok" | "warn" | "bad";

/** How a state looks: icon and word always, colour third. */
export type Look = { icon: IconName; word: string; tone: Tone };

const look = (icon: IconName, word: string, tone: Tone): Look => ({ icon, word, tone });

/** Every state that the core names, and how it looks. One table for the whole page. */
export const LOOKS: Record<string, Look> = {
  waiting: look("circle-dashed", "waits", "ink-3"),
  waits: look("circle-dashed", "waits", "ink-3"),
  pending: look("circle-dashed", "waits", "ink-3"),
  draft: look("circle-dashed", "draft", "ink-2"),
  broken: look("triangle", "has problems", "bad"),
  missing: look("circle-question", "file is gone", "warn"),
  interrupted: look("circle-bars", "interrupted", "warn"),
  preflight: look("circle-quarter", "preflight", "accent"),
  "left-changed": look("arrow-back-dot", "left changed", "warn"),
  ready: look("circle", "ready", "ink-2"),
  planned: look("circle", "planned", "ink-2"),
  open: look("circle", "open", "ink-2"),
  running: look("circle-quarter", "running", "accent"),
  shifting: look("circle-quarter", "shifting", "accent"),
  staging: look("circle-quarter", "staging", "accent"),
  started: look("circle-quarter", "running", "accent"),
  baking: look("hourglass", "baking", "accent"),
  done: look("circle-tick", "done", "ok"),
  live: look("circle-tick", "live", "ok"),
  verified: look("circle-tick", "verified", "ok"),
  passed: look("circle-tick", "passed", "ok"),
  succeeded: look("circle-tick", "succeeded", "ok"),
  go: look("circle-tick", "go", "ok"),
  delivered: look("circle-tick", "delivered", "ok"),
  digested: look("mail", "in a digest", "ink-2"),
  held: look("circle-bars", "held", "warn"),
  hold: look("circle-bars", "hold", "warn"),
  undecided: look("circle-bars", "undecided", "warn"),
  "waits-for-person": look("person", "needs a person", "warn"),
  "by-hand": look("person", "by hand", "warn"),
  approve: look("person", "approve", "warn"),
  "your-turn": look("person", "your turn", "accent"),
  "no-answer": look("bell", "no answer", "warn"),
  "go-if": look("circle-question", "go, if", "warn"),
  absent: look("circle-dash", "absent", "warn"),
  delegated: look("arrow-right", "delegated", "warn"),
  "no-data": look("circle-question", "no data", "warn"),
  unknown: look("circle-question", "unknown", "warn"),
  void: look("circle-slash", "void", "warn"),
  waived: look("circle-wave", "waived", "warn"),
  frozen: look("padlock", "frozen", "warn"),
  locked: look("padlock", "locked", "warn"),
  warning: look("triangle", "warning", "warn"),
  error: look("triangle", "error", "bad"),
  measured: look("gauge", "measured", "ink-2"),
  note: look("circle-info", "note", "ink-3"),
  failed: look("octagon-cross", "failed", "bad"),
  tripped: look("octagon-cross", "tripped", "bad"),
  "no-go": look("octagon-cross", "no-go", "bad"),
  "rolling-back": look("arrow-back", "rolling back", "accent"),
  "rolled-back": look("arrow-back", "rolled back", "ink-2"),
  "partly-rolled-back": look("arrow-back-dot", "partly rolled back", "warn"),
  stuck: look("person-octagon", "stuck, needs you", "bad"),
  cancelled: look("circle-cross", "cancelled", "ink-2"),
  "not-run": look("circle-dash", "not run", "ink-3"),
  skipped: look("circle-dash", "skipped", "ink-3"),
  "point-of-no-return": look("double-rule", "point of no return", "ink-1"),
};

/** How a state looks; a state that is not in the table shows its own word, never nothing. */
export function lookOf(state: string): Look {
  return LOOKS[state] ?? look("circle-question", state.replaceAll("-", " "), "ink-2");
}
