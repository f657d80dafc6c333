// Undo and redo: a stack of texts. What a person does in one go is one step back.

/** A text with the name of what made it. */
type Version = { text: string; label: string };

export type History = {
  readonly past: readonly Version[];
  readonly now: Version;
  readonly future: readonly Version[];
  /** When the last change came, to tell one burst of typing from the next. */
  readonly at: number;
};

const MOST = 500;
const BURST = 800;

export function begin(text: string): History {
  return { past: [], now: { text, label: "" }, future: [], at: 0 };
}

/**
 * Records a new text. Changes with the same label that follow each other quickly become one step, so
 * that typing a word is not five of them; `at` is when it happened, in milliseconds.
 */
export function record(history: History, text: string, label: string, at: number): History {
  if (text === history.now.text) return history;
  const isBurst = label === history.now.label && at - history.at < BURST && history.past.length > 0;
  const past = isBurst ? history.past : [...history.past, history.now].slice(-MOST);
  return { past, now: { text, label }, future: [], at };
}

export function undo(history: History): History {
  const before = history.past.at(-1);
  if (!before) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], at: 0 };
}

export function redo(history: History): History {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.now], now: next, future, at: 0 };
}

/** What undo would take back, in words; `undefined` where there is nothing. */
export function undoes(history: History): string | undefined {
  return history.past.length > 0 ? history.now.label : undefined;
}

/** What redo would do again. */
export function redoes(history: History): string | undefined {
  return history.future[0]?.label;
}
