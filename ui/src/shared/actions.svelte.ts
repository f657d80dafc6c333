import { getContext, setContext, untrack } from "svelte";
import { announce } from "./live.svelte";
import { chord, isTyping } from "./keys";
import { settings } from "./settings.svelte";

/** Something a person can do. Button, menu, shortcut and command palette read this one entry. */
export type Action = {
  /** Stable and unique, such as `run.hold`. */
  id: string;
  /** What it does, as a verb: "Hold the release". */
  title: string;
  /** The heading it stands under in the palette and the shortcut sheet. */
  group: string;
  /** Shorter words for its button; the title where there is none. */
  button?: string;
  /** A chord such as `Ctrl+K`, `Shift+R`, `G`, `?`. */
  keys?: string;
  /** Two or three words for the status bar; without them it does not stand there. */
  bar?: string;
  /** Answers why it cannot be done now; `undefined` when it can. */
  refused?: () => string | undefined;
  run: () => void | Promise<void>;
};

type Offer = { actions: () => Action[]; active: () => boolean };

let offers = $state.raw<Offer[]>([]);
const ACTIVE = Symbol("active");

/** Says whether the components below are the ones on screen; tabs that keep their state are not always. */
export function scope(active: () => boolean): void {
  const outer = getContext<(() => boolean) | undefined>(ACTIVE);
  setContext(ACTIVE, () => (outer?.() ?? true) && active());
}

/** Whether this component's tab is on screen. Call it while the component is made; call the answer later. */
export function activity(): () => boolean {
  return getContext<(() => boolean) | undefined>(ACTIVE) ?? (() => true);
}

/** Offers actions as long as the component is there and its tab on screen. Call it while the component is made. */
export function offer(actions: () => Action[]): void {
  const offered: Offer = { actions, active: activity() };
  // The registry outlives the component, so it has to hear when the component goes.
  $effect(() => {
    offers = [...untrack(() => offers), offered];
    return () => {
      offers = offers.filter((other) => other !== offered);
    };
  });
}

/** Everything that can be done here and now; what was offered last wins a chord and an id. */
export function actions(): Action[] {
  const found = new Map<string, Action>();
  for (const offered of [...offers].reverse()) {
    if (!offered.active()) continue;
    for (const action of offered.actions()) if (!found.has(action.id)) found.set(action.id, action);
  }
  return [...found.values()];
}

/** Does it, or says aloud why not. */
export function perform(action: Action): void {
  const why = action.refused?.();
  if (why === undefined) void action.run();
  else announce(why);
}

/** Performs the action of the pressed chord. Bind it to the window once. */
export function onkeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const keys = chord(event);
  if (isTyping(event.target, keys)) return;
  if (document.querySelector("[role=dialog], [role=alertdialog]") !== null) return;
  if (!settings.letters && /^[^+]$/u.test(keys) && keys !== "?" && keys !== "/") return;
  const action = actions().find((candidate) => candidate.keys === keys);
  if (!action) return;
  event.preventDefault();
  perform(action);
}

/** Actions under the heading they stand under, in the order they are offered. */
export function grouped(entries: Action[]): [string, Action[]][] {
  const groups = new Map<string, Action[]>();
  for (const action of entries) groups.set(action.group, [...(groups.get(action.group) ?? []), action]);
  return [...groups];
}
