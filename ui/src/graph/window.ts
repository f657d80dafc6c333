// Which nodes the page holds: elements that nobody sees cost as much as those that somebody sees.
// The window is larger than the screen and is kept until the screen leaves it, so that panning
// changes nothing in most frames.

import type { Boxes } from "./boxes";
import { type Box, type Camera, grown, holds, seen, type Size } from "./geometry";

/** Below this zoom a canvas draws the graph; names are the last thing that can be read there. */
export const FAR = 0.4;

export type Window = { area: Box; ids: ReadonlySet<string> };

export const NOTHING: Window = { area: { x: 0, y: 0, width: -1, height: -1 }, ids: new Set() };

/**
 * Gives the window for a camera: the one before while the screen is still in it and it is not much
 * too large, or a new one of half a screen more on each side.
 */
export function windowFor(boxes: Boxes, camera: Camera, screen: Size, before: Window): Window {
  const shown = seen(camera, screen);
  const isLarge = before.area.width > 4 * shown.width;
  if (holds(before.area, shown) && !isLarge) return before;
  const area = grown(shown, { width: shown.width / 2, height: shown.height / 2 });
  return { area, ids: boxes.within(area) };
}
