import type { Board } from "../graph/board.svelte";
import { around } from "../graph/geometry";
import type { CardFacts } from "./scene";

/** Where the point of no return is drawn: right of everything, because what lies beyond runs last. */
export function noReturnAt(board: Board<CardFacts>): number | undefined {
  const whole = around([...board.nodes.entries()].map(([, box]) => box));
  return whole ? whole.x + whole.width + 24 : undefined;
}
