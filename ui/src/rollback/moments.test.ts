import { describe, expect, test } from "vitest";
import type { Moment } from "../api/answers/rollback";
import planned from "../api/fixtures/moments.json";
import plan from "../api/fixtures/plan-planned.json";
import { draw, grid, labels, nearest } from "./curve";
import { pointOfNoReturn, reached, slower, stays, touched, worst } from "./moments";
import { actionCount, ticks, waves } from "./rows";

const moments: Moment[] = planned;
const at = (index: number): Moment => {
  const found = moments.at(index);
  if (!found) throw new Error(`there is no moment ${index}`);
  return found;
};

describe("the moments of a release", () => {
  test("are dearest to go back from once old versions are retired", () => {
    const dearest = at(worst(moments));
    expect(dearest.rollback.estimate_ms).toBe(Math.max(...moments.map((moment) => moment.rollback.estimate_ms)));
    expect(worst([])).toBe(0);
  });

  test("have their point of no return at the first step that cannot be undone", () => {
    const index = pointOfNoReturn(moments);
    expect(at(index ?? -1).step).toBe("orders-db/contract");
    expect(pointOfNoReturn(moments.slice(0, 3))).toBeUndefined();
  });

  test("start with nothing to take back", () => {
    expect(touched(at(0))).toBe(0);
    expect(stays(at(0))).toEqual([]);
    expect(reached(moments)).toBe(0);
  });

  test("say which run stands where, as the core marks it", () => {
    const marked = moments.map((moment, index) => ({ ...moment, now: index === 4 }));
    expect(reached(marked)).toBe(4);
  });

  test("name what makes going back slower from one of them on, and where it ends", () => {
    const later = slower(moments, 0);
    expect(later.every((entry) => entry.by >= 1000 || entry.noReturn)).toBe(true);
    expect(later.at(-1)?.noReturn).toBe(true);
    expect(slower(moments, moments.length - 1)).toEqual([]);
  });
});

describe("the curve", () => {
  const drawn = draw(moments, 1056, 200);

  test("goes from left to right as time does, and up as the cost does", () => {
    const xs = drawn.points.map((point) => point.x);
    expect([...xs].sort((a, b) => a - b)).toEqual(xs);
    expect(drawn.points.every((point) => point.top <= point.y)).toBe(true);
    expect(drawn.points[0]?.y).toBe(200);
  });

  test("leaves room for what lies beyond the point of no return", () => {
    expect(drawn.noReturn).toBeLessThan(1056 - 90);
    expect(draw(moments.slice(0, 10), 1056, 200).noReturn).toBeUndefined();
  });

  test("never writes two labels over each other, and always the chosen one", () => {
    for (const chosen of moments.map((_, index) => index)) {
      const shown = labels(moments, drawn.points, chosen, 1056);
      expect(shown.some((label) => label.index === chosen)).toBe(true);
      for (const [place, label] of shown.entries()) {
        const next = shown[place + 1];
        if (next) expect(next.x - label.x).toBeGreaterThan((label.text.length + next.text.length) * 3);
      }
    }
  });

  test("is read by two to four round costs", () => {
    expect(grid(600_000)).toEqual([300_000, 600_000]);
    expect(grid(99_000).length).toBeLessThanOrEqual(4);
    expect(draw([], 1056, 200).points).toEqual([]);
  });

  test("finds the moment under the pointer", () => {
    expect(nearest(drawn.points, -50)).toBe(0);
    expect(nearest(drawn.points, 5000)).toBe(moments.length - 1);
  });
});

describe("the table of what would be undone", () => {
  const moment = at(-2);

  test("has a line for every node, in its wave", () => {
    const table = waves(moment, plan.nodes);
    expect(table.flatMap((wave) => wave.rows.map((row) => row.node))).toEqual(moment.rollback.waves.flat().map((node) => node.node));
    expect(actionCount(moment)).toBe(moment.rollback.actions?.length);
  });

  test("draws each bar inside the whole", () => {
    for (const row of waves(moment, plan.nodes).flatMap((wave) => wave.rows)) {
      expect((row.bar?.left ?? 0) + (row.bar?.width ?? 0)).toBeLessThanOrEqual(100.001);
    }
  });

  test("draws no bar where nobody knows when an undo begins", () => {
    const bare = { ...moment, rollback: { ...moment.rollback, waves: [[{ node: "web", actions: [], estimate_ms: 5 }]] } };
    expect(waves(bare, [])[0]?.rows[0]?.bar).toBeUndefined();
  });

  test("is read by at most six round times", () => {
    for (const whole of [0, 1000, 57_000, 99_000, 605_000, 7_200_000]) expect(ticks(whole).length).toBeLessThanOrEqual(6);
  });
});
