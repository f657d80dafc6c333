import { describe, expect, test } from "vitest";
import type { Freeze, ReleaseRow, RunSummary } from "../api/answers";
import { calendar } from "./calendar";

const ZONE = "Europe/Berlin";
const NOW = Date.parse("2026-12-01T19:41:00Z");

function run(name: string, from: string, to: string, ended = true): RunSummary {
  const state = ended ? "succeeded" : "running";
  return { run: name, environment: "production", state, ended, plan: "", steps_done: 1, steps_total: 1, started_at: from, changed_at: to };
}

function planned(release: string, from: string | null): ReleaseRow {
  const window = { from, to: null, timezone: ZONE };
  return { release, name: release, environment: "production", targets: [], window, problems: 0, state: "draft", updated: from ?? "" };
}

function freeze(change: Partial<Freeze> = {}): Freeze {
  const period = { opens: "2026-12-11T00:00", closes: "2027-01-04T00:00", timezone: ZONE };
  return { name: "Year end", reason: "payments", period, scope: {}, by: "priya", declared_at: "", holds: false, ...change };
}

const nothing = { releases: [], runs: [], freezes: [] };

describe("the calendar", () => {
  test("shows four weeks of days of the zone, with today among them", () => {
    const { days } = calendar("month", NOW, ZONE, nothing);
    expect(days).toHaveLength(28);
    expect(days.filter((day) => day.today).map((day) => new Date(day.date).toISOString())).toEqual(["2026-11-30T23:00:00.000Z"]);
    expect(days.filter((day) => day.weekend)).toHaveLength(8);
  });

  test("puts what ran, runs and is planned on the lane of its environment", () => {
    const { lanes } = calendar("month", NOW, ZONE, {
      releases: [planned("next", "2026-12-03T08:00:00Z"), planned("no-window", null)],
      runs: [run("done", "2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z"), run("now", "2026-12-01T19:00:00Z", "", false)],
      freezes: [],
    });
    expect(lanes.map((lane) => lane.environment)).toEqual(["production"]);
    expect(lanes[0]?.items.map((item) => [item.release, item.how])).toEqual([["done", "ran"], ["now", "runs"], ["next", "planned"]]);
  });

  test("leaves out what lies outside of its days", () => {
    const { lanes } = calendar("week", NOW, ZONE, { ...nothing, runs: [run("old", "2026-10-01T12:00:00Z", "2026-10-01T13:00:00Z")] });
    expect(lanes).toEqual([]);
  });

  test("never draws two names over each other", () => {
    const runs = Array.from({ length: 40 }, (_, index) => {
      const from = new Date(NOW - 86_400_000 * 7 + index * 9_000_000).toISOString();
      return run(`release-with-a-name-${index}`, from, from);
    });
    const items = calendar("month", NOW, ZONE, { ...nothing, runs }).lanes[0]?.items ?? [];
    const width = (name: string) => (name.length * 7 + 30) / 1230;
    for (const one of items) {
      for (const other of items) {
        if (one === other || one.row !== other.row || one.x > other.x) continue;
        expect(one.x + one.width + width(one.release)).toBeLessThanOrEqual(other.x + 1e-9);
      }
    }
  });

  test("draws a freeze only where it applies, cut to the days that are shown", () => {
    const { lanes } = calendar("month", NOW, ZONE, {
      releases: [],
      runs: [run("a", "2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z"), { ...run("b", "2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z"), environment: "staging" }],
      freezes: [freeze({ scope: { environments: ["production"] } })],
    });
    const [production, staging] = lanes;
    expect(staging?.freezes).toEqual([]);
    expect(production?.freezes).toHaveLength(1);
    const drawn = production?.freezes[0];
    expect((drawn?.x ?? 0) + (drawn?.width ?? 0)).toBeCloseTo(1);
  });

  test("shows a freeze that repeats where the core says that it comes next", () => {
    const weekly = freeze({ next: "2026-12-04T17:00:00Z", period: { opens: "2026-01-02T18:00", closes: "2026-01-05T06:00", timezone: ZONE, repeat: "FREQ=WEEKLY" }, scope: { environments: ["production"] } });
    const frozen = calendar("month", NOW, ZONE, { ...nothing, freezes: [weekly] }).lanes[0]?.freezes[0];
    expect(frozen?.width).toBeCloseTo(60 / (28 * 24), 3);
  });
});
