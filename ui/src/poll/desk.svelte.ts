import { call } from "../api/api";
import type { Poll, Position, Prepared } from "../api/answers/poll";
import { failureOf, type Failure } from "../api/wire";
import { offer, type Action } from "../shared/actions.svelte";
import { announce } from "../shared/live.svelte";
import { t } from "../texts/en";
import { blank, request, type Spoken, type VoteKind } from "./requests";
import { first } from "./rows";

export interface PollDesk {
  readonly chosen: Position | undefined;
  /** Which sheet is open. */
  readonly asked: VoteKind | undefined;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  readonly actions: Record<"go" | "no-go" | "condition", Action>;
  readonly spoken: Spoken;
  choose(role: string): void;
  leave(): void;
  send(): Promise<void>;
}

/** Everything that can be done with a poll. Call it while the tab is made. */
export function pollDesk(
  release: () => string,
  prepared: () => Prepared | undefined,
  poll: () => Poll | undefined,
  refresh: () => Promise<void>,
): PollDesk {
  let role = $state<string>();
  let asked = $state<VoteKind>();
  let failure = $state.raw<Failure>();
  let busy = $state(false);
  let spoken = $state(blank());

  const positions = $derived(poll()?.positions ?? []);
  const chosen = $derived.by(() => {
    const asking = poll();
    const wanted = role ?? (asking && first(asking, prepared()?.you));
    return positions.find((position) => position.role === wanted);
  });

  async function send(): Promise<void> {
    const asking = poll();
    if (!asked || !asking) return;
    busy = true;
    failure = undefined;
    try {
      const named = chosen?.role ?? "";
      const kind = asked;
      await call("vote", { release: release(), ...request(kind, asking.stage, named, spoken) });
      announce(kind === "recycle" || kind === "override" ? t.poll.recorded : t.poll.voted(named));
      asked = undefined;
      role = undefined;
      await refresh();
    } catch (thrown) {
      failure = failureOf(thrown);
    } finally {
      busy = false;
    }
  }

  const open = (kind: VoteKind) => () => {
    spoken = blank();
    failure = undefined;
    asked = kind;
  };
  const none = () => (chosen ? undefined : t.poll.nothingChosen);
  const noPoll = () => (poll() ? undefined : t.poll.noPoll);
  const entry = (kind: VoteKind, more: Partial<Action>): Action => {
    return { id: `poll.${kind}`, title: t.poll.actions[kind], group: t.poll.group, refused: none, run: open(kind), ...more };
  };
  const step = (by: number) => () => {
    const at = positions.findIndex((position) => position.role === chosen?.role);
    role = positions[Math.min(Math.max(at + by, 0), positions.length - 1)]?.role;
  };
  const { buttons, bars } = t.poll;
  const actions = {
    go: entry("go", { keys: "G", bar: bars.go, button: buttons.go }),
    "no-go": entry("no-go", { keys: "N", bar: bars["no-go"], button: buttons["no-go"] }),
    condition: entry("condition", { keys: "C", bar: bars.condition, button: buttons.condition }),
  };
  offer(() => [
    actions.go,
    actions["no-go"],
    actions.condition,
    entry("absent", {}),
    entry("delegate", {}),
    entry("recycle", { refused: noPoll }),
    entry("override", { refused: noPoll }),
    { id: "poll.next", title: t.poll.actions.next, group: t.poll.group, keys: "ArrowDown", refused: noPoll, run: step(1) },
    { id: "poll.previous", title: t.poll.actions.previous, group: t.poll.group, keys: "ArrowUp", refused: noPoll, run: step(-1) },
  ]);

  return {
    get chosen() {
      return chosen;
    },
    get asked() {
      return asked;
    },
    get failure() {
      return failure;
    },
    get busy() {
      return busy;
    },
    get spoken() {
      return spoken;
    },
    actions,
    choose: (named) => (role = named),
    leave: () => {
      asked = undefined;
      failure = undefined;
    },
    send,
  };
}
