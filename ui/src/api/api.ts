import type { Commands } from "./commands";
import type { Change, Transport } from "./wire";

let transport: Transport | undefined;
let stop: (() => void) | undefined;
const listeners = new Set<(change: Change) => void>();

/** Chooses the way to the core, once at the start and once per test. */
export function connect(chosen: Transport): void {
  stop?.();
  transport = chosen;
  stop = chosen.feed((change) => {
    for (const listener of listeners) listener(change);
  });
}

/** Asks the core for one command. Throws a `Failure`. */
export async function call<Name extends keyof Commands>(
  name: Name,
  args: Commands[Name]["takes"],
): Promise<Commands[Name]["answers"]> {
  if (!transport) throw new Error("connect() comes first");
  return (await transport.call(name, args)) as Commands[Name]["answers"];
}

/** Hears of everything that changes, until the returned function is called. */
export function feed(listener: (change: Change) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
