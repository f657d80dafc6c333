import { describe, expect, test } from "vitest";
import type { ReleaseRow, RunSummary } from "../api/answers";
import { found, releaseOf, rowsOf } from "./rows";

const row = (release: string, change: Partial<ReleaseRow> = {}): ReleaseRow => ({
  release,
  name: release,
  targets: [],
  problems: 0,
  state: "draft",
  updated: "",
  ...change,
});

const run = (name: string, ended: boolean, changed_at = "2026-12-01"): RunSummary => ({
  run: name,
  title: "Checkout",
  environment: "production",
  state: ended ? "succeeded" : "running",
  ended,
  plan: "",
  steps_done: 0,
  steps_total: 1,
  started_at: "",
  changed_at,
});

describe("the home screen", () => {
  test("tells a release once: as running, as next, or as something that happened", () => {
    const rows = rowsOf([row("a"), row("b", { state: "running" }), row("c", { state: "ended" })], [run("b#2", false), run("c", true)]);
    expect(rows.running.map((one) => one.run)).toEqual(["b#2"]);
    expect(rows.next.map((one) => one.release)).toEqual(["a"]);
    expect(rows.happened.map((one) => one.run)).toEqual(["c"]);
  });

  test("puts the soonest window first and what has none last", () => {
    const window = (from: string) => ({ window: { from, to: null, timezone: "UTC" } });
    const rows = rowsOf([row("none"), row("late", window("2026-12-09")), row("soon", window("2026-12-02"))], []);
    expect(rows.next.map((one) => one.release)).toEqual(["soon", "late", "none"]);
  });

  test("finds by service, person and environment, and never hides what runs", () => {
    const rows = rowsOf(
      [row("shop", { targets: [{ service: "orders", to: "2" }], owner: "priya" }), row("search")],
      [run("billing", true), run("live", false)],
    );
    expect(found(rows, "orders").next.map((one) => one.release)).toEqual(["shop"]);
    expect(found(rows, "PRIYA").next).toHaveLength(1);
    expect(found(rows, "checkout production").happened).toHaveLength(1);
    expect(found(rows, "nothing like it").running).toHaveLength(1);
  });

  test("knows the release of a run", () => {
    expect(releaseOf("shop-2.4#2")).toBe("shop-2.4");
    expect(releaseOf("shop-2.4")).toBe("shop-2.4");
  });
});
