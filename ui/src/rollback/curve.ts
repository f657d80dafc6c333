import type { Moment } from "../api/answers/rollback";
import { pointOfNoReturn, worst } from "./moments";

export type Point = { x: number; y: number; top: number };
export type Label = { index: number; x: number; y: number; text: string; end: boolean };
export type Drawn = {
  points: Point[];
  line: string;
  band: string;
  /** Horizontal lines of whole minutes, or of seconds where all is short. */
  grid: { y: number; milliseconds: number }[];
  jumps: { index: number; x: number; y: number; by: number; end: boolean }[];
  /** Where the point of no return stands; hatch begins there. */
  noReturn: number | undefined;
  /** The right end of the curve itself. */
  end: number;
};

/** How wide what lies beyond the point of no return is drawn at least. */
const BEYOND = 112;
const TOP = 44;
/** A step is drawn as a short rise to where it ends, because the cost does not grow before it runs. */
const RISE = 12;
const STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 14_400, 28_800];

/** Lays the curve out in pixels: time from left to right, cost upward. */
export function draw(moments: Moment[], width: number, height: number): Drawn {
  const crossing = pointOfNoReturn(moments);
  const last = moments.at(-1)?.at_ms_p50 ?? 0;
  const end = crossing === undefined ? width : width - BEYOND;
  const highest = Math.max(1000, ...moments.map(high));
  const x = (at: number) => (last === 0 ? 0 : (at / last) * (width - (crossing === undefined ? 0 : BEYOND)));
  const y = (cost: number) => height - (cost / highest) * (height - TOP);
  const points = moments.map((moment) => ({
    x: x(moment.at_ms_p50),
    y: y(moment.rollback.estimate_ms),
    top: y(high(moment)),
  }));
  return {
    points,
    line: path(points, "y"),
    band: band(points),
    grid: grid(highest).map((milliseconds) => ({ milliseconds, y: y(milliseconds) })),
    jumps: jumps(moments, points),
    noReturn: crossing === undefined ? undefined : points[crossing]?.x,
    end,
  };
}

function high(moment: Moment): number {
  return moment.rollback.estimate_p90_ms ?? moment.rollback.estimate_ms;
}

function stairs(points: Point[], key: "y" | "top"): [number, number][] {
  return points.flatMap((point, index): [number, number][] => {
    const before = points[index - 1];
    if (!before) return [[point.x, point[key]]];
    const from = Math.max(before.x, point.x - RISE);
    return [
      [from, before[key]],
      [point.x, point[key]],
    ];
  });
}

function path(points: Point[], key: "y" | "top"): string {
  return written(stairs(points, key));
}

function band(points: Point[]): string {
  if (points.length === 0) return "";
  return `${written([...stairs(points, "top"), ...stairs(points, "y").reverse()])}Z`;
}

function written(corners: [number, number][]): string {
  return corners.map(([x, y], index) => `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** Two to four round costs to read the height by. */
export function grid(highest: number): number[] {
  const step = STEPS.find((seconds) => highest / (seconds * 1000) <= 4) ?? 86_400;
  const count = Math.floor(highest / (step * 1000));
  return Array.from({ length: count }, (_, index) => (index + 1) * step * 1000);
}

/** The steps that make going back much slower, the largest first, as long as their words have room. */
function jumps(moments: Moment[], points: Point[]): Drawn["jumps"] {
  const most = moments[worst(moments)]?.rollback.estimate_ms ?? 0;
  const all = moments.flatMap((moment, index) => {
    const before = moments[index - 1];
    const point = points[index];
    if (!before || !point) return [];
    const by = moment.rollback.estimate_ms - before.rollback.estimate_ms;
    return by > most * 0.12 ? [{ index, x: point.x, y: point.top, by, end: point.x > 260 }] : [];
  });
  const kept: typeof all = [];
  for (const jump of all.sort((a, b) => b.by - a.by)) {
    if (kept.length < 4 && kept.every((other) => Math.abs(other.x - jump.x) > 250)) kept.push(jump);
  }
  return kept.sort((a, b) => a.x - b.x);
}

/** Chooses which moments are written under the slider: what is chosen first, then what matters, then what fits. */
export function labels(moments: Moment[], points: Point[], chosen: number, width: number): Label[] {
  const crossing = pointOfNoReturn(moments);
  const rank = (index: number) => {
    if (index === chosen) return 0;
    if (index === crossing) return 1;
    if (index === 0) return 2;
    const by = (moments[index]?.rollback.estimate_ms ?? 0) - (moments[index - 1]?.rollback.estimate_ms ?? 0);
    return by > 0 ? 3 : 4;
  };
  const order = moments.map((_, index) => index).sort((a, b) => rank(a) - rank(b) || a - b);
  const taken: { from: number; to: number; label: Label }[] = [];
  for (const index of order) {
    const point = points[index];
    const text = moments[index]?.label ?? "";
    if (!point) continue;
    const half = text.length * 3.1 + 8;
    const x = Math.min(Math.max(point.x, half - 8), width - half + 8);
    if (taken.some((other) => x - half < other.to && x + half > other.from)) continue;
    taken.push({ from: x - half, to: x + half, label: { index, x, y: 0, text, end: false } });
  }
  return taken.map(({ label }) => label).sort((a, b) => a.x - b.x);
}

/** The moment that is nearest to a place on the axis. */
export function nearest(points: Point[], x: number): number {
  return points.reduce(
    (found, point, index) => (Math.abs(point.x - x) < Math.abs((points[found]?.x ?? 0) - x) ? index : found),
    0,
  );
}
