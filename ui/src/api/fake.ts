import { Failure, type Change, type Link, type Transport } from "./wire";

/** An answer of the fake: JSON, or a function of the arguments that answers or throws. */
export type Scripted = unknown | ((args: Record<string, unknown>) => unknown);

/** A transport that answers from a script; what is not in it fails as an unknown command does. */
export interface Fake extends Transport {
  /** Everything that was called, in order. */
  readonly calls: { name: string; args: Record<string, unknown> }[];
  /** Answers differently from now on. */
  script(name: string, answer: Scripted): void;
  /** Lets the feed break off and come back. */
  link(now: Link): void;
  /** Lets the core say that something changed. */
  change(change: Change): void;
}

/** Makes a fake. Fixtures are real answers: see `fixtures/README.md`. */
export function fake(scripts: Record<string, Scripted>): Fake {
  const answers = new Map(Object.entries(scripts));
  const calls: Fake["calls"] = [];
  const listeners = new Set<(change: Change) => void>();
  const links = new Set<(now: Link) => void>();
  return {
    calls,
    script: (name, answer) => void answers.set(name, answer),
    change: (change) => listeners.forEach((listener) => listener(change)),
    async call(name, args) {
      const given = { ...args } as Record<string, unknown>;
      calls.push({ name, args: given });
      if (!answers.has(name)) throw new Failure("bad-call", `There is no command \`${name}\`.`, "Scripted answers only.");
      const answer = answers.get(name);
      return structuredClone(typeof answer === "function" ? await answer(given) : answer);
    },
    link: (now) => links.forEach((listener) => listener(now)),
    feed(listener, onlink) {
      listeners.add(listener);
      if (onlink) links.add(onlink);
      return () => listeners.delete(listener);
    },
  };
}
