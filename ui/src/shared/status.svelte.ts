import { untrack } from "svelte";
import { activity } from "./actions.svelte";

type Said = { fact: () => string | undefined; active: () => boolean };
let said = $state.raw<Said[]>([]);

/** Says a fact in the status bar while the calling component is on screen. */
export function sayStatus(fact: () => string | undefined): void {
  const mine: Said = { fact, active: activity() };
  // The bar outlives the component, so it has to hear when the component goes.
  $effect(() => {
    said = [...untrack(() => said), mine];
    return () => {
      said = said.filter((other) => other !== mine);
    };
  });
}

/** What the status bar says at its right end. */
export function statusFacts(): string[] {
  return said.flatMap((entry) => (entry.active() ? [entry.fact() ?? ""] : [])).filter((fact) => fact !== "");
}
