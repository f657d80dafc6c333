import { getContext, setContext } from "svelte";
import type { Component } from "svelte";

/** What every card of a graph gets: which node it shows. */
export type CardProps = { id: string };

const KEY = Symbol("graph");

type Shared = { card: Component<CardProps>; width: (id: string) => number; height: (id: string) => number };

/** Tells the cards inside a graph what to draw. */
export function shareCard(shared: Shared): void {
  setContext(KEY, shared);
}

export function sharedCard(): Shared {
  return getContext<Shared>(KEY);
}
