import { describe, expect, it } from "vitest";
import type { Entry, Standing } from "../api/answers/run";
import { runStory as story } from "../api/fixtures/typed";
import { columns, measured, odds, onScale, times } from "./chart";
import { lineOf, linesOf } from "./events";
import { backWave, guidedOf } from "./guided";
import { counts, doing, heldSince, leading, liveStep, portion, spansOf } from "./progress";
import { factsOf, placesOf, toneOf } from "./scene";
import { trafficOf } from "./traffic";
import { readable, reasons } from "./why";

const { plan, status: standing, journal } = story;
const NOW = Date.parse("2026-12-01T19:41:26Z");

const entry = (seq: number, kind: string, facts: Record<string, unknown> = {}): Entry => ({
  seq,
  at: `2026-12-01T19:50:${String(seq % 60).padStart(2, "0")}Z`,
  kind,
  ...facts,
});

const turned: Entry[] = [
  ...journal,
  entry(1000, "rollback-started", {
    message: "54 % of its requests failed",
    actions: [
      { id: "orders/traffic", needs: [] },
      { id: "inventory/traffic", needs: [0] },
      { id: "orders/verify-old", needs: [0] },
    ],
  }),
  entry(1001, "undo-started", { node: "orders", step: "orders/traffic" }),
];

describe("traffic", () => {
  it("is what was commanded last beside what was measured last", () => {
    const shares = new Map(trafficOf(plan, journal).map((share) => [share.node, share] as const));
    expect(shares.get("orders")).toMatchObject({ commanded: 0.25, measured: 0.2142, requests: 98, version: "2.4.0" });
    expect(shares.get("inventory")).toMatchObject({ commanded: 1, measured: 1 });
    expect(shares.get("payments")).toEqual({ node: "payments", kind: "app", commanded: 0, version: "5.2.0" });
    expect(shares.has("orders-db")).toBe(false);
  });

  it("is commanded away from the new version as soon as its undo begins", () => {
    const orders = (events: Entry[]) => trafficOf(plan, events).find((share) => share.node === "orders");
    expect(orders(turned)).toMatchObject({ commanded: 0, measured: 0.2142 });
    const back = entry(1002, "undo-succeeded", { node: "orders", step: "orders/traffic", evidence: { facts: { measured_bp: 10_000 } } });
    expect(orders([...turned, back])).toMatchObject({ commanded: 0, measured: 0 });
  });
});

describe("progress", () => {
  it("leads to the node that moves traffic, and says what it does and how far it is", () => {
    const leader = leading(standing, plan);
    expect(leader?.id).toBe("orders");
    if (!leader) return;
    expect(liveStep(leader, plan)).toMatchObject({ id: "orders/bake-2500", weight_bp: 2500, state: "watching" });
    expect(doing(leader, plan)).toBe("baking");
    const bake = portion(spansOf(journal).get("orders/bake-2500"), NOW);
    expect(bake?.whole).toBe(15 * 60_000);
    expect(bake?.share).toBeCloseTo(0.9, 1);
    expect(counts(standing)).toEqual({ done: 3, running: 1, waiting: 4, other: 0 });
  });

  it("leads to whoever needs a person before everything else", () => {
    const asking: Standing = { ...standing, nodes: standing.nodes.map((node) => (node.id === "web" ? { ...node, state: "waits-for-person" } : node)) };
    expect(leading(asking, plan)?.id).toBe("web");
    expect(reasons(asking)[0]?.id).toBe("web");
    expect(reasons(standing).map((node) => node.id)).not.toContain("orders-db");
  });

  it("counts a hold from its first moment until it is lifted", () => {
    const held = [entry(1, "held"), entry(2, "held"), entry(3, "held", { node: "web" })];
    expect(heldSince(held)).toBe("2026-12-01T19:50:01Z");
    expect(heldSince([...held, entry(4, "resumed")])).toBeUndefined();
  });
});

describe("the live graph", () => {
  it("tells each node its state and its share, and colours an edge once what it needs is done", () => {
    const facts = factsOf({ plan, standing, traffic: trafficOf(plan, journal), spans: spansOf(journal) });
    expect(facts.get("orders")).toMatchObject({ state: "running", word: "baking", commanded: 0.25, far: "running" });
    expect(facts.get("orders-db")).toMatchObject({ far: "done" });
    expect(toneOf(standing.nodes.find((node) => node.id === "orders"), "critical")).toBe("critical");
    expect(toneOf(standing.nodes.find((node) => node.id === "inventory"), "critical")).toBe("done");
  });

  it("draws every node and every edge of the layout", () => {
    const { placed, edges } = placesOf(story.layout);
    expect(placed).toHaveLength(8);
    expect(edges.map((edge) => edge.id)).toContain("orders>payments");
    for (const edge of edges) {
      edge.points.slice(1).forEach((point, at) => {
        const before = edge.points[at];
        expect(Math.abs((before?.x ?? 0) - point.x) < 0.6 || Math.abs((before?.y ?? 0) - point.y) < 0.6).toBe(true);
      });
    }
  });
});

describe("events", () => {
  it("are told newest first, each in a sentence, without the looks that say nothing new", () => {
    const lines = linesOf([...journal, entry(2000, "bake-sampled", { summary: "fine" })], 500);
    expect(lines[0]?.seq).toBe(journal.at(-1)?.seq);
    expect(lines.every((line) => line.says.length > 0)).toBe(true);
    expect(lines).toHaveLength(journal.filter((one) => one.kind !== "bake-sampled" && one.kind !== "step-scheduled").length);
  });

  it("stand under people, judge or traffic", () => {
    expect(lineOf(entry(1, "note", { by: "Ada", text: "two 502" }))).toMatchObject({ kind: "people", says: "Ada noted: “two 502”" });
    expect(lineOf(entry(1, "step-succeeded", { node: "a", step: "a/shift-500", evidence: { summary: "5 %" } }))).toMatchObject({ kind: "traffic", says: "a/shift-500: 5 %", tone: "ok" });
    expect(lineOf(entry(1, "bake-judged", { step: "a/bake", standing: "fail", sentence: "Harm." }))).toMatchObject({ kind: "judge" });
    expect(lineOf(entry(1, "something-new", {})).says).toContain("something new");
  });

  it("say instants in the zone of the page", () => {
    expect(readable("until 2026-12-01T19:42:53.846Z: fine")).toMatch(/^until \d\d:42:53: fine$/);
  });
});

describe("the guided rollback", () => {
  it("is not there before a run turns back", () => {
    expect(guidedOf(standing, journal)).toEqual([]);
    expect(backWave(journal)).toBeUndefined();
  });

  it("has five steps that tick with the record and keep the notes of people", () => {
    const note = entry(1003, "note", { by: "Ada", text: "told support", tags: ["rollback-notify"] });
    const steps = guidedOf({ ...standing, state: "rolling-back" }, [...turned, note]);
    expect(steps.map((one) => one.state)).toEqual(["done", "done", "running", "waiting", "waiting"]);
    expect(steps[0]?.fact).toBe("54 % of its requests failed");
    expect(steps[1]?.notes).toEqual(["Ada: told support"]);
    expect(steps[2]?.fact).toBe("0 / 3");
  });

  it("knows its waves from the needs of its actions", () => {
    expect(backWave(turned)).toEqual({ wave: 1, of: 2 });
    expect(backWave([...turned, entry(1002, "undo-succeeded", { step: "orders/traffic" })])).toEqual({ wave: 2, of: 2 });
  });
});

describe("charts", () => {
  const metric = {
    name: "errors", unit: "ratio", bucket_seconds: 60, interval: null, estimate: null, verdict: "open", sentence: "",
    points: [
      { at: "2026-12-01T19:03:00Z", old: 0.1, new: null },
      { at: "2026-12-01T19:00:00Z", old: 0.1, new: 0.2 },
    ],
  }; // prettier-ignore

  it("show a missing bucket as a gap and never as zero", () => {
    const [at, old, fresh] = columns(metric);
    expect(at).toHaveLength(3);
    expect(old).toEqual([0.1, null, 0.1]);
    expect(fresh).toEqual([0.2, null, null]);
  });

  it("write numbers with their unit, ratios as factors, and evidence as odds", () => {
    expect(measured(0.0022, "ratio")).toBe("0.22 %");
    expect(measured(0.1026, "seconds")).toBe("103 ms");
    expect(measured(null, "ratio")).toBe("–");
    expect(times(1.7)).toBe("×1.7");
    expect(odds(Math.log(1.9))).toBe("1.9 : 1");
    expect(onScale(1)).toBeCloseTo(0.5);
    expect(onScale(0)).toBe(0);
    expect(onScale(1000)).toBe(1);
  });
});
