import type { Freeze, ReleaseRow, RunSummary } from "../api/answers";
import { readTime, startOfDay, wallClock } from "../shared/zones";

export type Span = "week" | "month" | "quarter";

const DAYS: Record<Span, number> = { week: 7, month: 28, quarter: 91 };
/** How many days before today are shown. */
const BEFORE: Record<Span, number> = { week: 2, month: 8, quarter: 28 };

/** A day's column; positions and widths are shares of the whole. */
export type Day = { x: number; width: number; date: number; today: boolean; weekend: boolean; labelled: boolean };

/** A release on a lane. `how` is how it is drawn: solid ran, blue runs, dashed planned. */
export type Item = {
  release: string;
  state: string;
  how: "ran" | "runs" | "planned";
  x: number;
  width: number;
  row: number;
  /** The side of the bar on which there is room for its name. */
  side: "left" | "right";
};

/** A freeze on the lanes where it applies. */
export type Frozen = { name: string; reason: string; x: number; width: number; services: string[] };

export type Lane = { environment: string; items: Item[]; freezes: Frozen[]; rows: number };

export type Calendar = { days: Day[]; lanes: Lane[]; now: number; from: number; to: number };

type Entry = { release: string; state: string; how: Item["how"]; environment: string; from: number; to: number };

/** About how wide a name is drawn, as a share of a calendar of 1,230 pixels. */
const nameWidth = (name: string) => (name.length * 7 + 30) / 1230;

/** Lays out what ran, runs and is planned between some days ago and some days ahead. */
export function calendar(
  span: Span,
  now: number,
  zone: string,
  content: { releases: ReleaseRow[]; runs: RunSummary[]; freezes: Freeze[] },
): Calendar {
  const from = startOfDay(now, zone, -BEFORE[span]);
  const to = startOfDay(now, zone, DAYS[span] - BEFORE[span]);
  const share = (at: number) => (at - from) / (to - from);
  const inside = entries(content, now).filter((entry) => entry.to > from && entry.from < to);
  const freezes = content.freezes.map((freeze) => ({ freeze, ...period(freeze, now) }));
  const environments = [
    ...new Set([
      ...inside.map((entry) => entry.environment),
      ...freezes.flatMap(({ freeze }) => freeze.scope.environments ?? []),
    ]),
  ].sort();
  const lanes = environments.map((environment) => {
    const items = stacked(
      inside.filter((entry) => entry.environment === environment),
      share,
    );
    const frozen = freezes
      .filter(({ freeze, opens, closes }) => closes > from && opens < to && applies(freeze, environment))
      .map(({ freeze, opens, closes }) => frozenAt(freeze, share(opens), share(closes)));
    return { environment, items, freezes: frozen, rows: Math.max(1, ...items.map((item) => item.row + 1)) };
  });
  return { days: daysOf(span, now, zone, share), lanes, now: share(now), from, to };
}

function entries(content: { releases: ReleaseRow[]; runs: RunSummary[] }, now: number): Entry[] {
  const ran = content.runs.map((run): Entry => ({
    release: run.run,
    state: run.state,
    how: run.ended ? "ran" : "runs",
    environment: run.environment,
    from: Date.parse(run.started_at),
    to: run.ended ? Date.parse(run.changed_at) : now,
  }));
  const planned = content.releases.flatMap((row): Entry[] => {
    if (!row.window?.from || row.run) return [];
    const from = Date.parse(row.window.from);
    const to = row.window.to ? Date.parse(row.window.to) : from;
    return [{ release: row.release, state: row.state, how: "planned", environment: row.environment ?? "default", from, to }];
  });
  return [...ran, ...planned].sort((a, b) => a.from - b.from);
}

function period(freeze: Freeze, now: number): { opens: number; closes: number } {
  const { opens, closes, timezone } = freeze.period;
  const [first, last] = [readTime(opens, timezone), readTime(closes, timezone)];
  if (!freeze.period.repeat) return { opens: first, closes: last };
  // What repeats is shown where it holds or comes next, as the core says it.
  if (freeze.holds && freeze.until) {
    const until = Date.parse(freeze.until);
    return { opens: until - (last - first), closes: until };
  }
  const next = freeze.next ? Date.parse(freeze.next) : now - 1;
  return { opens: next, closes: next + (last - first) };
}

function applies(freeze: Freeze, environment: string): boolean {
  const { environments = [] } = freeze.scope;
  return environments.length === 0 || environments.includes(environment);
}

function frozenAt(freeze: Freeze, opens: number, closes: number): Frozen {
  const x = Math.max(0, opens);
  return {
    name: freeze.name,
    reason: freeze.reason,
    x,
    width: Math.min(1, closes) - x,
    services: freeze.scope.services ?? [],
  };
}

function stacked(entries: Entry[], share: (at: number) => number): Item[] {
  const ends: number[] = [];
  return entries.map((entry) => {
    const x = Math.max(0, share(entry.from));
    const width = Math.max(0.0065, Math.min(1, share(entry.to)) - x);
    const name = nameWidth(entry.release);
    const side = x + width + name > 1 ? "left" : "right";
    const starts = side === "left" ? x - name : x;
    const free = ends.findIndex((end) => end <= starts);
    const row = free === -1 ? ends.length : free;
    ends[row] = side === "left" ? x + width : x + width + name;
    return { release: entry.release, state: entry.state, how: entry.how, x, width, row, side };
  });
}

function daysOf(span: Span, now: number, zone: string, share: (at: number) => number): Day[] {
  const every = span === "quarter" ? 7 : 1;
  return Array.from({ length: DAYS[span] }, (_, index) => {
    const date = startOfDay(now, zone, index - BEFORE[span]);
    const weekday = new Date(wallClock(date, zone)).getUTCDay();
    const x = share(date);
    return {
      x,
      width: share(startOfDay(now, zone, index - BEFORE[span] + 1)) - x,
      date,
      today: index === BEFORE[span],
      weekend: weekday === 0 || weekday === 6,
      labelled: every === 1 || weekday === 1,
    };
  });
}
