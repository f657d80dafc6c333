import { describe, expect, test } from "vitest";
import type { Account } from "../api/answers/report";
import type { Moment } from "../api/answers/rollback";
import type { TimedPlan } from "../api/answers/timeline";
import planned from "../api/fixtures/moments.json";
import next from "../api/fixtures/plan-planned.json";
import failed from "../api/fixtures/report-nightly-7.json";
import running from "../api/fixtures/report-running.json";
import { actuals, end, rows, ticks } from "./bars";

const plan: TimedPlan = JSON.parse(JSON.stringify(next));
const bare: TimedPlan = { ...plan, timetable: undefined };
const moments: Moment[] = planned;
const account = (of: unknown): Account => JSON.parse(JSON.stringify(of));

describe("the rows of the timeline", () => {
  test("stand in the plan's order, with pieces that lie inside their node", () => {
    const all = rows(plan, new Map());
    expect(all.map((row) => row.node)).toEqual(plan.order);
    for (const row of all) {
      for (const piece of row.pieces) {
        expect(piece.from).toBeGreaterThanOrEqual(row.planned?.from ?? 0);
        expect(piece.late).toBeGreaterThanOrEqual(piece.to);
      }
    }
  });

  test("tell baking from working, and show when people are asked", () => {
    const all = rows(plan, new Map());
    expect(all.find((row) => row.node === "orders")?.pieces.filter((piece) => piece.kind === "bake").length).toBe(4);
    expect(all.find((row) => row.node === "orders-db")?.approvals.map((approval) => approval.step)).toEqual(["orders-db/approve"]);
  });

  test("are made of the moments where nothing says when a step begins", () => {
    const all = rows(bare, new Map(), moments);
    const orders = all.find((row) => row.node === "orders");
    const last = moments.filter((moment) => moment.node === "orders").at(-1);
    expect(orders?.planned?.to).toBe(last?.at_ms_p50);
    expect(orders?.planned?.late).toBe(last?.at_ms_p90);
  });

  test("show nothing as planned where nothing at all is known", () => {
    expect(rows(bare, new Map()).every((row) => row.planned === undefined)).toBe(true);
  });
});

describe("what really happened", () => {
  test("is read from the record, forward and back", () => {
    const found = actuals(account(failed), 0);
    expect(found.get("load/run")).toMatchObject([{ kind: "done" }]);
    expect(found.get("publish/run")).toMatchObject([{ kind: "failed" }]);
    expect(found.get("undo:load")).toMatchObject([{ kind: "undone" }]);
    expect(found.has("sweep/run")).toBe(false);
  });

  test("lasts until now where it has not ended", () => {
    const now = Date.parse("2026-12-01T19:41:26Z");
    const open = [...actuals(account(running), now).values()].flat().filter((actual) => actual.kind === "running");
    expect(open.length).toBeGreaterThan(0);
    expect(open.every((actual) => actual.to === now - Date.parse("2026-12-01T19:00:00Z"))).toBe(true);
  });

  test("is nothing without a record", () => {
    expect(actuals(undefined, 0).size).toBe(0);
  });
});

describe("the scale", () => {
  const all = rows(plan, new Map());

  test("reaches to the latest end, and to the end of the window where that is near", () => {
    const latest = end(all, undefined, undefined);
    expect(latest).toBeGreaterThanOrEqual(Math.max(...all.map((row) => row.planned?.late ?? 0)));
    expect(end(all, { from: 0, to: latest * 1.2 }, undefined)).toBe(latest * 1.2);
    expect(end(all, { from: 0, to: latest * 50 }, undefined)).toBe(latest);
    expect(end([], undefined, undefined)).toBeGreaterThan(0);
  });

  test("has round times of the clock on the wall, at most ten", () => {
    const offset = Date.UTC(2026, 11, 1, 20, 7);
    for (const length of [2_000, 60_000, 3_600_000, 9_000_000, 90_000_000]) {
      const marks = ticks(length, offset);
      expect(marks.length).toBeLessThanOrEqual(11);
      expect(marks.length).toBeGreaterThan(0);
    }
    expect(ticks(3_600_000, offset).map((mark) => new Date(offset + mark).getUTCMinutes() % 10)).toEqual(Array(6).fill(0));
  });
});
