import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { JournalEvent } from "../api/answers";
import { belongs, lookOfEvent, says, sentenceOf } from "./events";

/** One event of every kind that a record ever held: the core keeps them readable for ever. */
const GOLDEN = resolve(import.meta.dirname, "../../../src-tauri/crates/model/src/event/golden.jsonl");
const golden = readFileSync(GOLDEN, "utf8").trim().split("\n").map((line): JournalEvent => JSON.parse(line));

describe("every event that a record ever held", () => {
  test.each(golden.map((event) => [`${event.seq} ${event.kind}`, event] as const))("%s is shown with icon and words", (_, event) => {
    const look = lookOfEvent(event);
    expect(look.word.length).toBeGreaterThan(0);
    expect(look.icon).toBeTruthy();
    expect(sentenceOf(event)).toBeTypeOf("string");
  });
});

describe("events", () => {
  const of = (change: Partial<JournalEvent>): JournalEvent => ({ seq: 1, at: "", kind: "note", ...change });

  test("say their message, else what was seen", () => {
    expect(sentenceOf(of({ message: "bob holds it" }))).toBe("bob holds it");
    expect(sentenceOf(of({ evidence: { summary: "seen" } }))).toBe("seen");
    expect(sentenceOf(of({ text: "look here" }))).toBe("look here");
  });

  test("of the judge say what they read of both versions", () => {
    const readings = [{ metric: "errors", canary: { bad: 3, of: 400 }, baseline: { nothing: "no series" } }];
    expect(sentenceOf(of({ kind: "bake-measured", bucket: { readings } }))).toBe("errors 3 of 400 beside no data");
  });

  test("are found under their filters", () => {
    expect(belongs(of({ kind: "approved", by: "bob" }), "people")).toBe(true);
    expect(belongs(of({ kind: "step-failed", step: "web/run" }), "trouble")).toBe(true);
    expect(belongs(of({ kind: "step-succeeded", step: "web/run" }), "trouble")).toBe(false);
    expect(belongs(of({ kind: "finished", outcome: "partly-rolled-back" }), "trouble")).toBe(true);
    expect(belongs(of({ kind: "bake-judged" }), "judge")).toBe(true);
  });

  test("are found by number, node and words", () => {
    const event = of({ seq: 133, node: "orders", message: "harm is excluded" });
    expect(says(event, "#133")).toBe(true);
    expect(says(event, "orders harm")).toBe(true);
    expect(says(event, "payments")).toBe(false);
  });
});
