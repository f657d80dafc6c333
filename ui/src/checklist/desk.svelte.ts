import { call } from "../api/api";
import type { ChecklistItem, Prepared } from "../api/answers/poll";
import type { Reaches } from "../api/generated";
import { failureOf, type Failure } from "../api/wire";
import { offer, type Action } from "../shared/actions.svelte";
import { announce } from "../shared/live.svelte";
import { t } from "../texts/en";
import { ordered, waitsForApprover } from "./items";

export type SheetKind = "tick" | "evidence" | "waive";

/** What is asked in the sheet that is open. */
export type Asked = { kind: SheetKind; item: ChecklistItem };

export interface ChecklistDesk {
  readonly chosen: ChecklistItem | undefined;
  readonly asked: Asked | undefined;
  /** What a person is asked to confirm before automatic items run. */
  readonly reach: Reaches | undefined;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  readonly actions: Record<"tick" | "evidence" | "waive" | "check", Action>;
  choose(item: ChecklistItem): void;
  look(item?: ChecklistItem): void;
  /** Looks once a person has confirmed what the file may reach. */
  confirm(): void;
  leave(): void;
  /** Sends what the open sheet asks. */
  send(action: object): Promise<void>;
}

/** Everything that can be done with the items of a release. Call it while the tab is made. */
export function checklistDesk(release: () => string, prepared: () => Prepared | undefined, refresh: () => Promise<void>): ChecklistDesk {
  let chosenId = $state<string>();
  let asked = $state.raw<Asked>();
  let reach = $state.raw<Reaches>();
  let failure = $state.raw<Failure>();
  let busy = $state(false);
  let lookedAt: string | undefined;

  const items = $derived(ordered(prepared()?.lists ?? []).flatMap((part) => part.items));
  const chosen = $derived(items.find((item) => item.id === chosenId) ?? items.find((item) => item.result === "not-tested" && !item.automatic));

  async function send(action: object): Promise<void> {
    busy = true;
    failure = undefined;
    try {
      await call("checklist", { release: release(), action });
      announce(t.checklist.recorded(asked?.item.item ?? chosen?.item ?? ""));
      asked = undefined;
      reach = undefined;
      await refresh();
    } catch (thrown) {
      failure = failureOf(thrown);
    } finally {
      busy = false;
    }
  }

  /** Looks if it was confirmed before; otherwise shows what the file may reach first. */
  async function look(item?: ChecklistItem): Promise<void> {
    lookedAt = item?.id;
    await send({ check: { item: lookedAt ?? null, confirmed: "earlier" } });
    if (failure?.code !== "not-confirmed") return;
    try {
      reach = await call("reach", { release: release() });
      failure = undefined;
    } catch (thrown) {
      failure = failureOf(thrown);
    }
  }

  const none = () => (chosen ? undefined : t.checklist.nothingChosen);
  const byHand = () => (chosen?.automatic ? t.checklist.ticksItself : none());
  const open = (kind: SheetKind) => () => {
    failure = undefined;
    if (chosen) asked = { kind, item: chosen };
  };
  const entry = (id: string, title: string, more: Partial<Action> & Pick<Action, "run">): Action => {
    return { id: `checklist.${id}`, title, group: t.checklist.group, ...more };
  };
  const step = (by: number) => () => {
    const at = items.findIndex((item) => item.id === chosen?.id);
    chosenId = items[Math.min(Math.max(at + by, 0), items.length - 1)]?.id;
  };
  const { actions: words, buttons, bar } = t.checklist;
  const actions = {
    tick: entry("tick", words.tick, { keys: "T", bar: bar.tick, button: buttons.tick, refused: byHand, run: open("tick") }),
    evidence: entry("evidence", words.evidence, { keys: "E", button: buttons.evidence, refused: byHand, run: open("evidence") }),
    waive: entry("waive", words.waive, { keys: "V", button: buttons.waive, refused: none, run: open("waive") }),
    check: entry("check", words.check, { button: buttons.check, refused: () => (items.some((item) => item.automatic) ? undefined : t.checklist.none), run: () => look() }),
  };
  offer(() => [
    actions.tick,
    actions.evidence,
    actions.waive,
    actions.check,
    entry("approve", words.approve, {
      refused: () => (chosen && waitsForApprover(chosen) ? undefined : t.checklist.nothingChosen),
      run: () => send({ ask: { do: "approve-waiver", item: chosen?.id } }),
    }),
    entry("claim", words.claim, { refused: none, run: () => send({ ask: { do: "claim", item: chosen?.id } }) }),
    entry("next", words.next, { keys: "J", run: step(1) }),
    entry("previous", words.previous, { keys: "K", run: step(-1) }),
  ]);

  return {
    get chosen() {
      return chosen;
    },
    get asked() {
      return asked;
    },
    get reach() {
      return reach;
    },
    get failure() {
      return failure;
    },
    get busy() {
      return busy;
    },
    actions,
    choose: (item) => (chosenId = item.id),
    look: (item) => void look(item),
    confirm: () => void send({ check: { item: lookedAt ?? null, confirmed: "yes" } }),
    leave: () => {
      asked = undefined;
      reach = undefined;
      failure = undefined;
    },
    send,
  };
}
