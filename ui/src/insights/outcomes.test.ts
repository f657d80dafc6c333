import { describe, expect, test } from "vitest";
import type { RunSummary } from "../api/answers";
import { durationsOf, outcomesOf } from "./outcomes";

const run = (name: string, state: string, minutes: number, ended = true): RunSummary => ({
  run: name,
  environment: "production",
  state,
  ended,
  plan: "",
  steps_done: 1,
  steps_total: 1,
  started_at: "2026-12-01T10:00:00Z",
  changed_at: new Date(Date.parse("2026-12-01T10:00:00Z") + minutes * 60_000).toISOString(),
});

describe("how runs went", () => {
  const runs = [run("a", "succeeded", 10), run("a#2", "succeeded", 30), run("a#3", "rolled-back", 90), run("b", "running", 5, false)];

  test("counts only what has ended, by its outcome", () => {
    expect(outcomesOf(runs)).toEqual([
      { state: "succeeded", count: 2, share: 2 / 3 },
      { state: "rolled-back", count: 1, share: 1 / 3 },
    ]);
  });

  test("times only what succeeded, by release", () => {
    expect(durationsOf(runs)).toEqual([{ release: "a", runs: 2, median: 20 * 60_000, longest: 30 * 60_000 }]);
  });

  test("says nothing of nothing", () => {
    expect(outcomesOf([])).toEqual([]);
    expect(durationsOf([])).toEqual([]);
  });
});
