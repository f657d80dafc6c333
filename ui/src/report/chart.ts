import type { MeasuredMetric } from "../api/answers/report";

export type Chart = {
  new: string[];
  old: string[];
  marks: { y: number; value: number }[];
  times: { x: number; at: string }[];
  limit?: number;
  last?: { x: number; y: number };
};

type Point = MeasuredMetric["series"][number];

/** Draws a metric's two series in pixels; a missing bucket is a gap, never a zero. */
export function draw(metric: MeasuredMetric, width: number, height: number): Chart {
  const { series, limit } = metric;
  const values = series.flatMap((point) => [point.new, point.old]).filter((value) => value !== undefined);
  const highest = Math.max(...values, limit ?? 0, 1e-9) * 1.1;
  const times = series.map((point) => Date.parse(point.until));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = (point: Point) => (to === from ? 0 : ((Date.parse(point.until) - from) / (to - from)) * width);
  const y = (value: number) => height - (value / highest) * height;
  const last = series.findLast((point) => point.new !== undefined);
  return {
    new: lines(series, "new", x, y),
    old: lines(series, "old", x, y),
    marks: [0, 0.5, 1].map((share) => ({ value: (highest / 1.1) * share, y: y((highest / 1.1) * share) })),
    times: axis(series).map((point) => ({ x: x(point), at: point.until })),
    limit: limit === undefined ? undefined : y(limit),
    last: last?.new === undefined ? undefined : { x: x(last), y: y(last.new) },
  };
}

function lines(series: Point[], arm: "new" | "old", x: (point: Point) => number, y: (value: number) => number): string[] {
  const paths: string[] = [];
  let path = "";
  for (const point of series) {
    const value = point[arm];
    if (value === undefined) {
      if (path) paths.push(path);
      path = "";
    } else {
      path += `${path ? "L" : "M"}${x(point).toFixed(1)} ${y(value).toFixed(1)}`;
    }
  }
  if (path) paths.push(path);
  return paths;
}

/** The first, the middle and the last time. */
function axis(series: Point[]): Point[] {
  const places = new Set([0, Math.floor((series.length - 1) / 2), series.length - 1]);
  return [...places].flatMap((place) => series[place] ?? []);
}
