import { call, feed } from "./api";
import type { Commands } from "./commands";
import { failureOf, type Failure, type Topic } from "./wire";

/** An answer of the core that stays fresh while a component shows it. */
export interface Resource<Answer> {
  /** The latest answer; stays while a newer one is under way. */
  readonly answer: Answer | undefined;
  /** Why there is no fresh answer. */
  readonly failure: Failure | undefined;
  /** Whether nothing has come yet. */
  readonly loading: boolean;
  /** Asks again now. */
  refresh(): Promise<void>;
}

/**
 * Asks for a command when the component appears, when its arguments change, and when the feed says that
 * one of `topics` changed. `args` may answer `undefined`: then there is nothing to ask for yet.
 */
export function resource<Name extends keyof Commands>(
  name: Name,
  args: () => Commands[Name]["takes"] | undefined,
  topics: Topic[] = [],
): Resource<Commands[Name]["answers"]> {
  type Answer = Commands[Name]["answers"];
  let answer = $state.raw<Answer>();
  let failure = $state.raw<Failure>();
  let loading = $state(true);
  let written = "";
  let latest = 0;

  async function refresh(): Promise<void> {
    const asked = args();
    if (asked === undefined) return;
    const mine = ++latest;
    try {
      const fresh = await call(name, asked);
      if (mine !== latest) return;
      const text = JSON.stringify(fresh);
      if (text !== written) {
        written = text;
        answer = fresh;
      }
      failure = undefined;
    } catch (thrown) {
      if (mine !== latest) return;
      failure = failureOf(thrown);
    }
    loading = false;
  }

  // The arguments decide what is shown, so a change of them asks again.
  $effect(() => {
    if (args() !== undefined) void refresh();
  });
  // Only the feed knows when the core's state changed.
  $effect(() => feed((change) => topics.includes(change.topic) && void refresh()));

  return {
    get answer() {
      return answer;
    },
    get failure() {
      return failure;
    },
    get loading() {
      return loading;
    },
    refresh,
  };
}
