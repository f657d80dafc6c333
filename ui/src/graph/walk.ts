// Walking the graph by keyboard: left and right along edges, up and down among neighbours.

import { type Box, middle } from "./geometry";

export type Direction = "left" | "right" | "up" | "down";

/** What is needed to find the next node: where each one is, and what it needs. */
export type Places = {
  ids: readonly string[];
  boxOf: (id: string) => Box | undefined;
  waveOf: (id: string) => number;
  needsOf: (id: string) => readonly string[];
  dependentsOf: (id: string) => readonly string[];
  /** Where an edge is aimed there may be none to follow yet: then the next column counts. */
  isAiming?: boolean;
};

/** Gives the node that an arrow key leads to; the same one where there is none in that direction. */
export function step(places: Places, from: string | undefined, direction: Direction): string | undefined {
  if (from === undefined) return places.ids[0];
  switch (direction) {
    case "left":
      return nearest(places, from, places.needsOf(from)) ?? across(places, from, -1) ?? from;
    case "right":
      return nearest(places, from, places.dependentsOf(from)) ?? across(places, from, 1) ?? from;
    case "up":
    case "down":
      return beside(places, from, direction) ?? from;
  }
}

/** The candidate whose row is nearest: walking a straight chain stays on it. */
function nearest(places: Places, from: string, candidates: readonly string[]): string | undefined {
  const start = places.boxOf(from);
  if (!start) return candidates[0];
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const box = places.boxOf(candidate);
    if (!box) continue;
    const far = Math.abs(middle(box).y - middle(start).y) + Math.abs(middle(box).x - middle(start).x) / 1000;
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

/** The nearest node of the columns to one side, while an edge is aimed. */
function across(places: Places, from: string, sign: 1 | -1): string | undefined {
  const start = places.boxOf(from);
  if (!places.isAiming || !start) return undefined;
  const beyond = places.ids.filter((id) => ((places.boxOf(id)?.x ?? start.x) - start.x) * sign > 0);
  const gap = Math.min(...beyond.map((id) => Math.abs((places.boxOf(id)?.x ?? 0) - start.x)));
  return nearest(places, from, beyond.filter((id) => Math.abs((places.boxOf(id)?.x ?? 0) - start.x) === gap));
}

/** The next node above or below in the same wave. */
function beside(places: Places, from: string, direction: "up" | "down"): string | undefined {
  const start = places.boxOf(from);
  if (!start) return undefined;
  const sign = direction === "up" ? -1 : 1;
  let best: string | undefined;
  let least = Infinity;
  for (const id of places.ids) {
    const box = places.boxOf(id);
    if (!box || id === from || places.waveOf(id) !== places.waveOf(from)) continue;
    const far = (box.y - start.y) * sign;
    if (far > 0 && far < least) [best, least] = [id, far];
  }
  return best;
}
