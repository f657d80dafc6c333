import { describe, expect, test } from "vitest";
import type { Poll, Prepared } from "../api/answers/poll";
import first from "../api/fixtures/checklist-first.json";
import go from "../api/fixtures/checklist-go.json";
import hold from "../api/fixtures/checklist-hold.json";
import nogo from "../api/fixtures/checklist-nogo.json";
import voided from "../api/fixtures/checklist-voided.json";
import { blank, request } from "./requests";
import { current, first as firstAsked, gateOf, missing, spoken, stateOf, tally } from "./rows";

/** Reads a real answer; JSON has no unions, so its words are checked where they are used. */
function read(answer: unknown): Prepared {
  const prepared: Prepared = JSON.parse(JSON.stringify(answer));
  return prepared;
}
const pollOf = (answer: unknown): Poll => {
  const poll = current(read(answer).polls);
  if (!poll) throw new Error("there is no poll");
  return poll;
};

describe("a poll", () => {
  test("gives every position a state with a word", () => {
    const states = pollOf(hold).positions.map((position) => [position.role, stateOf(position, "priya")]);
    expect(states).toEqual([
      ["QA", "go"],
      ["Database", "no-answer"],
      ["Orders", "go"],
      ["Payments", "go-if"],
      ["Support", "no-answer"],
      ["Operations", "your-turn"],
      ["Product", "no-go"],
    ]);
  });

  test("calls nobody's turn where the core does not say who asks", () => {
    expect(pollOf(hold).positions.map((position) => stateOf(position, undefined))).not.toContain("your-turn");
  });

  test("calls a vote void that was given to another plan", () => {
    const void_ = { word: "go", at: "2026-12-01T18:50:00Z", because: ["orders now waits for inventory:live"] };
    const position = pollOf(hold).positions.find((candidate) => candidate.role === "Database");
    expect(position && stateOf({ ...position, void: void_ }, undefined)).toBe("void");
  });

  test("asks the caller's own position first, else the first that is silent", () => {
    expect(firstAsked(pollOf(hold), "priya")).toBe("Operations");
    expect(firstAsked(pollOf(hold), undefined)).toBe("Database");
  });

  test("counts what was said without those who only advise", () => {
    expect(tally(pollOf(hold), undefined)).toMatchObject({ go: 2, "go-if": 1, without: 3, advisory: 1, "no-go": 0 });
    expect(tally(pollOf(nogo), undefined)["no-go"]).toBe(1);
  });

  test("tells missing votes, open items and a changed plan apart", () => {
    const prepared = read(hold);
    const poll = current(prepared.polls);
    expect(missing(prepared, poll, gateOf(prepared, poll?.stage))).toEqual({ votes: 3, items: 2, rest: 1 });
    expect(missing(read(go), pollOf(go), gateOf(read(go), "start"))).toEqual({ votes: 0, items: 0, rest: 0 });
  });

  test("is told apart before the first vote, after a change and when all said go", () => {
    expect(pollOf(first).decision).toBe("open");
    expect(read(voided).changes?.length).toBe(1);
    expect(pollOf(go).decision).toBe("go");
  });

  test("leaves out of a sentence what stands beside it", () => {
    const said = pollOf(hold).positions.map((position) => spoken(position));
    expect(said).toContain("212 of 212 checkout tests on 2.4.0, run 8812");
    expect(said).toContain("Support has not voted");
    expect(pollOf(go).positions.filter((position) => position.by && spoken(position) === "").length).toBeGreaterThan(0);
  });
});

describe("a vote", () => {
  test("is asked as the command takes it", () => {
    expect(request("go", "start", "QA", blank())).toEqual({ do: "vote", stage: "start", role: "QA", vote: "go", comment: null });
    expect(request("delegate", "start", "QA", { ...blank(), text: " amy " })).toMatchObject({ vote: { delegated: { to: "amy" } } });
    expect(request("recycle", "start", "QA", { ...blank(), comment: "ill" })).toEqual({ do: "recycle", stage: "start", reason: "ill" });
  });

  test("carries its condition with how it is looked at", () => {
    const spoken_ = { ...blank(), text: "PSP answers", looked: "http" as const, url: "http://127.0.0.1:9100/psp" };
    expect(request("condition", "start", "QA", spoken_)).toMatchObject({
      vote: { condition: { item: "PSP answers", check: { http: { url: "http://127.0.0.1:9100/psp", status: 200 } } } },
    });
    const metric = { ...blank(), text: "errors stay low", looked: "metric" as const, metric: "error-rate", below: "1%" };
    expect(request("condition", "start", "QA", metric)).toMatchObject({ vote: { condition: { check: { metric: "error-rate", below: "1%" } } } });
    expect(request("condition", "start", "QA", { ...blank(), text: "I am there" })).toMatchObject({ vote: { condition: { item: "I am there" } } });
  });
});
