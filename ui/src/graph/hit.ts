// What lies under the pointer where a canvas draws the graph and no element can say it.

import type { Boxes } from "./boxes";
import type { Point } from "./geometry";
import { distance } from "./lines";

export type Hit = { what: "node" | "edge"; id: string };

/**
 * Tells the node at a point, or else the nearest edge within `reach`; nodes lie above edges.
 *
 * `edges` are the boxes around the lines, so that only lines near the point are measured.
 */
export function hit(
  point: Point,
  nodes: Boxes,
  edges: Boxes,
  lineOf: (edge: string) => readonly Point[],
  reach: number,
): Hit | undefined {
  const node = nodes.at(point);
  if (node !== undefined) return { what: "node", id: node };
  const near = { x: point.x - reach, y: point.y - reach, width: 2 * reach, height: 2 * reach };
  let nearest: Hit | undefined;
  let least = reach;
  for (const id of edges.within(near)) {
    const far = distance(point, lineOf(id));
    if (far <= least) {
      least = far;
      nearest = { what: "edge", id };
    }
  }
  return nearest;
}
