import type { TabName } from "./router.svelte";

let facts = $state<Partial<Record<TabName, string>>>({});

/** What stands beside a tab's name: one fact that says what is behind it, such as `10–13 min` or `2 of 6`. */
export function factOf(tab: TabName): string | undefined {
  return facts[tab];
}

/** Says a tab's fact while the calling component is there. Call it while the component is made. */
export function sayFact(tab: TabName, fact: () => string | undefined): void {
  // The header is outside the tab, so the fact has to be handed up, and taken back at the end.
  $effect(() => {
    const said = fact();
    if (said === undefined) delete facts[tab];
    else facts[tab] = said;
  });
  $effect(() => () => {
    delete facts[tab];
  });
}
