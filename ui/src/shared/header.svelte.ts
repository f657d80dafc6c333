import { untrack } from "svelte";
import type { IconName } from "../kit/icons";
import { activity, type Action } from "./actions.svelte";

/** A button in the header of the release page. */
export type HeaderAction = { action: Action; variant?: "plain" | "primary" | "back"; icon?: IconName };

type Offered = { entries: () => HeaderAction[]; active: () => boolean };
let offered = $state.raw<Offered[]>([]);

/** Puts buttons into the header while the tab is on screen. Call it while the component is made. */
export function headerButtons(entries: () => HeaderAction[]): void {
  const mine: Offered = { entries, active: activity() };
  // The header outlives the tab, so it has to hear when the tab goes.
  $effect(() => {
    offered = [...untrack(() => offered), mine];
    return () => {
      offered = offered.filter((other) => other !== mine);
    };
  });
}

/** The buttons of the tab on screen. */
export function headerActions(): HeaderAction[] {
  return offered.filter((entry) => entry.active()).flatMap((entry) => entry.entries());
}
