// Series as uPlot takes them: columns of numbers, gaps where nothing was measured.

import type uPlot from "uplot";
import type { SeriesAnswer } from "../api/answers/run";

export type Metric = SeriesAnswer["metrics"][number];
/** Seconds, the old version, the new version. */
export type Columns = [number[], (number | null)[], (number | null)[]];

/** A missing bucket is a gap and never zero, also where the list leaves it out. */
export function columns(metric: Metric): Columns {
  const times: number[] = [];
  const old: (number | null)[] = [];
  const fresh: (number | null)[] = [];
  const points = [...metric.points].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  for (const point of points) {
    const at = Date.parse(point.at) / 1000;
    const before = times.at(-1);
    if (before !== undefined && at - before > 1.5 * metric.bucket_seconds) {
      times.push(before + metric.bucket_seconds);
      old.push(null);
      fresh.push(null);
    }
    times.push(at);
    old.push(point.old);
    fresh.push(point.new);
  }
  return [times, old, fresh];
}

/** A number with its unit: a share in percent, a time in milliseconds where it is short. */
export function measured(value: number | null | undefined, unit: string | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (unit === "ratio" || unit === "share") return `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`;
  if (unit === "seconds" || unit === "s") return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

const LEAST = 1 / 8;
const MOST = 8;

/** Where a ratio stands on the scale of the interval rows, between 0 and 1: equal steps for equal factors. */
export function onScale(ratio: number): number {
  const within = Math.min(Math.max(ratio, LEAST), MOST);
  return Math.log(within / LEAST) / Math.log(MOST / LEAST);
}

/** A ratio as people say it: `×1.7`. */
export function times(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined) return "";
  return `×${ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2)}`;
}

/** Natural logarithm of evidence as odds: `1.9 : 1`. */
export function odds(logarithm: number): string {
  const value = Math.exp(Math.min(logarithm, 20));
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(2)} : 1`;
}

/**
 * Loads uPlot. It asks for `navigator.language` as it loads and fails where that is no language at
 * all, as under `LANG=C`: then it is told one before.
 */
export async function loadPlot(): Promise<typeof uPlot> {
  try {
    new Intl.NumberFormat(navigator.language);
  } catch {
    Object.defineProperty(navigator, "language", { value: "en-GB", configurable: true });
  }
  return (await import("uplot")).default;
}
