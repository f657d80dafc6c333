import { describe, expect, test } from "vitest";
import type { ChecklistItem, Prepared } from "../api/answers/poll";
import hold from "../api/fixtures/checklist-hold.json";
import { counts, evidenceOf, isOpen, ordered, stateOf, waitsForApprover } from "./items";
import { actionOf } from "./requests";

const prepared: Prepared = JSON.parse(JSON.stringify(hold));
const item = (id: string): ChecklistItem => {
  const found = prepared.lists.flatMap((list) => list.items).find((candidate) => candidate.id.endsWith(`/${id}`));
  if (!found) throw new Error(`there is no item ${id}`);
  return found;
};
const answered = { result: "pass", comment: "", evidence: "", reason: "", risk: "", until: "" } as const;

describe("a checklist", () => {
  test("has a state with a word for each of its items", () => {
    expect(["backup", "load", "comms", "psp"].map((id) => stateOf(item(id)))).toEqual(["passed", "waived", "open", "failed"]);
    expect(stateOf({ ...item("comms"), automatic: true })).toBe("no-data");
  });

  test("never counts what was not tested as done", () => {
    const { all, done, waived, open } = counts(prepared.lists);
    expect(done + waived + open).toBe(all);
    expect(isOpen(item("comms"))).toBe(true);
    expect(isOpen(item("load"))).toBe(false);
  });

  test("comes in the order of a release", () => {
    expect(ordered(prepared.lists).map((list) => list.before)).toEqual([...ordered(prepared.lists)].map((list) => list.before));
    expect(ordered(prepared.lists).at(0)?.before).toBe("start");
  });

  test("leads to pages only", () => {
    expect(evidenceOf(item("staging"))?.href).toBe("https://ci.example.com/runs/8812");
    expect(evidenceOf(item("oncall"))).toMatchObject({ words: "rota.png" });
    expect(evidenceOf({ ...item("staging"), evidence: { link: "javascript:alert(1)" } })?.href).toBeUndefined();
    expect(evidenceOf(item("comms"))).toBeUndefined();
  });

  test("knows which waiver waits for somebody else", () => {
    expect(waitsForApprover(item("load"))).toBe(false);
    expect(waitsForApprover({ ...item("comms"), why: "not tested, the waiver of lena waits for somebody else to approve it" })).toBe(true);
  });
});

describe("an answer", () => {
  test("is asked as the command takes it", () => {
    expect(actionOf("tick", "a/b", { ...answered, comment: " seen " }, 0)).toEqual({ tick: { item: "a/b", result: "pass", comment: "seen", evidence: null } });
  });

  test("carries the whole of a waiver", () => {
    const waiver = actionOf("waive", "a/b", { ...answered, reason: "new disk", risk: "an hour", until: "2026-12-02T08:00:00Z" }, 0);
    expect(waiver).toEqual({ ask: { do: "waive", item: "a/b", reason: "new disk", risk: "an hour", expires: "2026-12-02T08:00:00.000Z" } });
  });

  test("never asks for a waiver without an end", () => {
    expect(actionOf("waive", "a/b", answered, 0)).toMatchObject({ ask: { expires: "1970-01-01T00:00:00.000Z" } });
  });
});
