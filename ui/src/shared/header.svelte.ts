import { untrack } from "svelte";
import type { IconName } from "../kit/icons";
import { activity, type Action } from "./actions.svelte";

/** A button in the header. */
export type HeaderAction = { action: Action; variant?: "plain" | "primary" | "back"; icon?: IconName };

/** The search field in the header: one for a screen. */
export type HeaderSearch = { label: string; value: string; onchange: (value: string) => void };

type Offered<Entry> = { entry: () => Entry; active: () => boolean };
let buttons = $state.raw<Offered<HeaderAction[]>[]>([]);
let searches = $state.raw<Offered<HeaderSearch>[]>([]);

/** Puts buttons into the header while the calling component is on screen. Call it while the component is made. */
export function headerButtons(entries: () => HeaderAction[]): void {
  const mine = { entry: entries, active: activity() };
  // The header outlives the component, so it has to hear when the component goes.
  $effect(() => {
    buttons = [...untrack(() => buttons), mine];
    return () => {
      buttons = buttons.filter((other) => other !== mine);
    };
  });
}

/** Puts a search field into the header, found with `/`. Call it while the component is made. */
export function headerSearch(search: () => HeaderSearch): void {
  const mine = { entry: search, active: activity() };
  // The header outlives the component, so it has to hear when the component goes.
  $effect(() => {
    searches = [...untrack(() => searches), mine];
    return () => {
      searches = searches.filter((other) => other !== mine);
    };
  });
}

/** The buttons of what is on screen. */
export function headerActions(): HeaderAction[] {
  return buttons.filter((offered) => offered.active()).flatMap((offered) => offered.entry());
}

/** The search field of what is on screen. */
export function shownSearch(): HeaderSearch | undefined {
  return searches.findLast((offered) => offered.active())?.entry();
}
