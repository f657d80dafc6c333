import type { Commands } from "./commands";
import { linked, setLink } from "./link.svelte";
import { TOPICS, type Change, type Kept, type Link, type Transport } from "./wire";

let transport: Transport | undefined;
let stop: (() => void) | undefined;
let isAnswered = false;
const listeners = new Set<(change: Change) => void>();

/** Chooses the way to the core, once at the start and once per test. */
export function connect(chosen: Transport): void {
  stop?.();
  transport = chosen;
  stop = chosen.feed(tell, heard);
}

function tell(change: Change): void {
  for (const listener of listeners) listener(change);
}

/** What happened while nobody could hear is unknown, so everything is asked for again. */
function heard(now: Link): void {
  const isBack = linked() === "lost" && now === "there";
  setLink(now);
  if (isBack) for (const topic of TOPICS) tell({ topic });
}

/** Asks the core for one command. Throws a `Failure`. */
export async function call<Name extends keyof Commands>(
  name: Name,
  args: Commands[Name]["takes"],
): Promise<Commands[Name]["answers"]> {
  if (!transport) throw new Error("connect() comes first");
  const answer = (await transport.call(name, args)) as Commands[Name]["answers"];
  if (!isAnswered) markFirst();
  return answer;
}

/** Leaves the time at which the first answer was drawn, which `cargo xtask bench window` reads. */
function markFirst(): void {
  isAnswered = true;
  requestAnimationFrame(() => performance.mark("interactive"));
}

/** Has the window keep a document, where there is a window: `undefined` says that the browser has to. */
export async function keep(document: Kept): Promise<boolean | undefined> {
  return transport?.save?.(document);
}

/** Hears of everything that changes, until the returned function is called. */
export function feed(listener: (change: Change) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
