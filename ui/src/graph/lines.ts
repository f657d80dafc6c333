// Lines between nodes: how they run, how they are drawn, how near a point is to one.

import { around, type Box, type Point } from "./geometry";

/** Where an edge leaves a node, counted from its top: the height of the critical row of a card. */
export const PORT = 52;

/**
 * Routes an edge of a node that was moved by hand, for which the layout knows no line: out to the
 * right, across in the gap before the target, in from the left.
 */
export function routed(from: Box, to: Box): Point[] {
  const start = { x: from.x + from.width, y: from.y + Math.min(PORT, from.height / 2) };
  const end = { x: to.x, y: to.y + Math.min(PORT, to.height / 2) };
  if (Math.abs(start.y - end.y) < 1 && end.x >= start.x) return [start, end];
  if (end.x - start.x >= 24) {
    const gap = end.x - 15;
    return [start, { x: gap, y: start.y }, { x: gap, y: end.y }, end];
  }
  const below = Math.max(from.y + from.height, to.y + to.height) + 16;
  return [
    start,
    { x: start.x + 15, y: start.y },
    { x: start.x + 15, y: below },
    { x: end.x - 15, y: below },
    { x: end.x - 15, y: end.y },
    end,
  ];
}

/**
 * Gives a line of the layout corners: where it changes its row it does so in the middle of the gap
 * between two columns, so that lines from one node share a stem.
 */
export function stepped(points: readonly (readonly [number, number])[]): Point[] {
  const line: Point[] = [];
  for (const [x, y] of points) {
    const before = line.at(-1);
    if (before && Math.abs(before.y - y) > 0.5 && Math.abs(before.x - x) > 0.5) {
      const middle = (before.x + x) / 2;
      line.push({ x: middle, y: before.y }, { x: middle, y });
    }
    line.push({ x, y });
  }
  return line;
}

/** Writes a line as an SVG path whose corners are rounded. */
export function rounded(points: readonly Point[], radius = 6): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const parts = [`M${first.x} ${first.y}`];
  let before = first;
  rest.forEach((corner, at) => {
    const after = rest[at + 1];
    if (!after) {
      parts.push(`L${corner.x} ${corner.y}`);
      return;
    }
    const start = towards(corner, before, radius);
    const end = towards(corner, after, radius);
    parts.push(`L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`);
    before = corner;
  });
  return parts.join("");
}

/** The point at `length` from one point on the way to another, but not beyond the half of it. */
function towards(from: Point, to: Point, length: number): Point {
  const whole = Math.hypot(to.x - from.x, to.y - from.y);
  if (whole === 0) return from;
  const share = Math.min(length, whole / 2) / whole;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** The point in the middle of a line, measured along it: where a mark is put. */
export function halfway(points: readonly Point[]): Point {
  let left = length(points) / 2;
  for (const [from, to] of pieces(points)) {
    const long = Math.hypot(to.x - from.x, to.y - from.y);
    if (long >= left && long > 0) {
      const share = left / long;
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    }
    left -= long;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}

function length(points: readonly Point[]): number {
  let sum = 0;
  for (const [from, to] of pieces(points)) sum += Math.hypot(to.x - from.x, to.y - from.y);
  return sum;
}

/** How far a point is from the nearest point of a line. */
export function distance(point: Point, points: readonly Point[]): number {
  let least = Infinity;
  for (const [from, to] of pieces(points)) {
    least = Math.min(least, fromPiece(point, from, to));
  }
  return least;
}

function fromPiece(point: Point, from: Point, to: Point): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((point.x - from.x) * dx + (point.y - from.y) * dy) / square;
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - from.x - share * dx, point.y - from.y - share * dy);
}

export function extent(points: readonly Point[]): Box {
  return around(points) ?? { x: 0, y: 0, width: 0, height: 0 };
}

function* pieces(points: readonly Point[]): Generator<[Point, Point]> {
  let before: Point | undefined;
  for (const point of points) {
    if (before) yield [before, point];
    before = point;
  }
}
