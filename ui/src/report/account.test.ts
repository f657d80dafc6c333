import { describe, expect, test } from "vitest";
import type { Account } from "../api/answers/report";
import incident from "../api/fixtures/report-incident.json";
import failed from "../api/fixtures/report-nightly-7.json";
import completed from "../api/fixtures/report-nightly-8.json";
import { authors, figures, gaps, kindOf, momentOf, nodesNow, read, remarks, summary } from "./account";
import { draw } from "./chart";
import { outline } from "./outline";

const account = (of: unknown): Account => read({ media: "application/json", text: JSON.stringify(of) });
const [rolledBack, tasks, done] = [account(incident), account(failed), account(completed)];

describe("a report", () => {
  test("is of an incident after a rollback, and of a completion after success only", () => {
    expect(kindOf(rolledBack.standing)).toBe("incident");
    expect(kindOf(done.standing)).toBe("completion");
    expect(kindOf("held")).toBe("interim");
    expect(kindOf("not-run")).toBe("interim");
  });

  test("begins with five lines, each with its source where there is one", () => {
    const lines = summary(tasks);
    expect(lines.map((line) => line.label)).toEqual(["Outcome", "Cause", "Answer", "Users", "Now"]);
    expect(lines[1]).toMatchObject({ text: "failure at publish/run: `false` ended with status 1", first: 14 });
    expect(summary(done)[2]?.text).toBe("nothing was rolled back.");
  });

  test("prefers the core's own lines", () => {
    expect(summary({ ...done, summary: [{ text: "It went well.", sources: [3, 9] }] })).toEqual([{ text: "It went well.", first: 3, last: 9 }]);
  });

  test("never tells what did not run as done", () => {
    expect(nodesNow(tasks)).toEqual(["4 nodes rolled back", "1 node not run"]);
  });

  test("has figures only of what was reached", () => {
    expect(figures(rolledBack).map((figure) => figure.value)).toEqual(["2:59", "3:03", "9:47", "50:49"]);
    expect(figures(done)).toHaveLength(1);
  });

  test("has the parts that it has something to say in", () => {
    expect(outline(done)).toEqual(["impact", "good", "action", "timeline"]);
    expect(outline(rolledBack)).toContain("evidence");
    expect(outline(tasks)).not.toContain("evidence");
  });

  test("asks people about what only they know, until they have written it", () => {
    expect(gaps(rolledBack)).toEqual(["went-well", "went-badly", "lucky"]);
    expect(remarks(tasks, "action")[0]).toMatchObject({ owner: "data-team", due: "2026-12-04" });
  });

  test("leads from a number to the line that it stands in", () => {
    expect(momentOf(rolledBack, 328)?.seq).toBe(326);
    expect(momentOf(rolledBack, 5)).toBeUndefined();
    expect(authors(tasks)).toEqual({ machine: 27, people: 3 });
  });
});

describe("a chart of the evidence", () => {
  const metric = rolledBack.verdicts[0]?.metrics[0];

  test("leaves a gap where a bucket is missing, never a zero", () => {
    const chart = metric && draw(metric, 700, 130);
    expect(chart?.new).toHaveLength(2);
    expect(chart?.old).toHaveLength(1);
    expect(chart?.times).toHaveLength(3);
  });

  test("survives a metric of which nothing is known", () => {
    const chart = metric && draw({ ...metric, series: [], limit: undefined }, 700, 130);
    expect(chart).toMatchObject({ new: [], old: [], times: [], last: undefined });
  });
});
