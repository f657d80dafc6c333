import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { connect } from "../api/api";
import type { ReleaseRow } from "../api/answers";
import { fake, type Fake } from "../api/fake";
import { fixedDraft, unsafeDraft } from "../api/fixtures/typed";
import { Failure } from "../api/wire";
import { actions } from "../shared/actions.svelte";
import { coloured } from "./colours";
import { Editor } from "./editor.svelte";
import { gather, next, nodeOf } from "./findings";
import { begin, record, redo, redoes, undo, undoes } from "./history";
import { lineOfNode, nodeAtLine } from "./places";
import PlanTab from "./PlanTab.svelte";
import { read } from "./reading";
import { sceneOf } from "./scene";
import { bodyOf, KINDS } from "./templates";
import { edit } from "./change";
import { followView, readView, writeView } from "./text/view";
import { choices, points, sharesList } from "./words";

const ROW: ReleaseRow = { release: "shop-2.4", file: "/srv/releases/shop-2.4.yaml", name: "Checkout", environment: "production", state: "draft", targets: [], problems: 0, updated: "2026-11-30T16:00:00Z" };

class NoPath {
  rect() {}
  addPath() {}
}
// jsdom draws nothing: a canvas there has no context, and a path nothing to be drawn on.
Object.defineProperty(globalThis, "Path2D", { value: NoPath, configurable: true });
HTMLCanvasElement.prototype.getContext = () => null;

// A loaded machine takes its time to draw a whole tab for the first time.
vi.setConfig({ testTimeout: 30_000 });

let core: Fake;
beforeEach(() => {
  core = fake({
    "read-release": { text: unsafeDraft.text, file: ROW.file, hash: "1" },
    "save-release": { hash: "2" },
    draft: ({ text }: Record<string, unknown>) => (String(text).includes("inventory:live") ? fixedDraft.answer : unsafeDraft.answer),
    moments: [],
    catalogue: { services: [{ service: "search" }] },
  });
  connect(core);
});

const saved = () => core.calls.filter((call) => call.name === "save-release").map((call) => String(call.args["text"]));
const perform = (id: string) => void actions().find((action) => action.id === id)?.run();

describe("the tab", () => {
  it("adds a node from the catalogue, saves the file by itself, and undoes it", async () => {
    render(PlanTab, { release: ROW });
    await screen.findByRole("heading", { name: "Findings" });
    await fireEvent.click(await screen.findByRole("button", { name: "search" }));
    perform("plan.save");
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(parse(saved()[0] ?? "").nodes.search.kind).toBe("app");
    expect(saved()[0]?.startsWith(unsafeDraft.text)).toBe(true);
    perform("plan.undo");
    perform("plan.save");
    await waitFor(() => expect(saved()).toHaveLength(2));
    expect(saved()[1]).toBe(unsafeDraft.text);
  });

  it("leads from finding to finding, and mends a skew as the core proposes", async () => {
    render(PlanTab, { release: ROW });
    await screen.findByRole("heading", { name: "Findings" });
    perform("plan.finding");
    const popover = await screen.findByRole("region", { name: "Version skew" });
    expect(popover.textContent).toContain("orders 2.4.0 can meet inventory 1.7.2");
    await fireEvent.click(within(popover).getByRole("button", { name: /Wait for inventory:live/ }));
    perform("plan.save");
    await waitFor(() => expect(saved()[0]).toContain("needs: [orders-db:expanded, inventory:live] # may start"));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Version skew" })).toBeNull());
  });

  it("changes a node by its form", async () => {
    render(PlanTab, { release: ROW });
    await fireEvent.click(await screen.findByRole("button", { name: "payments" }));
    const owner = await screen.findByLabelText("Owner");
    await fireEvent.change(owner, { target: { value: "money-team" } });
    await fireEvent.click(screen.getByRole("radio", { name: /blue green/ }));
    perform("plan.save");
    await waitFor(() => expect(parse(saved().at(-1) ?? "{}").nodes.payments).toMatchObject({ owner: "money-team", strategy: "blue-green" }));
  });

  it("says what the core says where it cannot be read", async () => {
    core.script("read-release", () => Promise.reject(new Failure("gone", "The file is not there.", "Put it back.")));
    render(PlanTab, { release: ROW });
    expect((await screen.findByRole("alert")).textContent).toContain("The file is not there.");
  });
});

describe("the editor", () => {
  async function opened() {
    const editor = new Editor("shop-2.4");
    await editor.load();
    return editor;
  }

  it("keeps the picture of the last plan while a text cannot be planned", async () => {
    const editor = await opened();
    core.script("draft", { problems: [{ line: 1, column: 1, code: "x", severity: "error", message: "no" }], plan: null, layout: null });
    editor.type("nodes: [");
    await waitFor(() => expect(editor.isBehind).toBe(true));
    expect(editor.answer?.layout?.nodes).toHaveLength(8);
    expect(editor.found.map((one) => one.message)).toContain("no");
    expect(editor.reading.nodes.size).toBe(8);
    expect(editor.change({ do: "remove", nodes: ["web"] }, "remove")).toBe(false);
    expect(editor.refusal).toMatch(/^line 1/);
  });

  it("does not write over what others wrote, and lets a person choose", async () => {
    const editor = await opened();
    core.script("save-release", () => Promise.reject(new Failure("changed-on-disk", "The file was changed.", "")));
    editor.type("gantry: 1\n");
    await editor.save();
    expect(editor.kept).toBe("conflict");
    core.script("read-release", { text: "gantry: 1 # theirs\n", file: ROW.file, hash: "9" });
    await editor.settle("theirs");
    expect(editor.text).toBe("gantry: 1 # theirs\n");
    editor.undo();
    expect(editor.text).toBe("gantry: 1\n");
  });
});

describe("history", () => {
  it("goes back and forth step by step, and a burst of typing is one step", () => {
    let history = begin("a");
    history = record(history, "ab", "typing", 1000);
    history = record(history, "abc", "typing", 1200);
    history = record(history, "abcd", "typing", 9000);
    history = record(history, "abcd", "typing", 9001);
    expect(undoes(history)).toBe("typing");
    history = undo(history);
    expect(history.now.text).toBe("abc");
    history = undo(history);
    expect([history.now.text, undoes(history), redoes(history)]).toEqual(["a", undefined, "typing"]);
    expect(undo(history)).toBe(history);
    expect(redo(redo(redo(history))).now.text).toBe("abcd");
    expect(redoes(record(history, "x", "add", 1))).toBeUndefined();
  });
});

describe("findings", () => {
  it("stand once with their place, worst first, and lead round and round", () => {
    const found = gather(unsafeDraft.answer);
    expect(found[0]).toMatchObject({ severity: "error", code: "skew-unsafe", node: "orders", line: 78 });
    expect(new Set(found.map((one) => one.code + (one.node ?? ""))).size).toBe(found.length);
    expect(next(found, found.at(-1)?.key)).toBe(found[0]);
    expect(next([], undefined)).toBeUndefined();
    expect(nodeOf("/nodes/a~1b/needs/0")).toBe("a/b");
  });
});

describe("the scene", () => {
  const reading = read(unsafeDraft.text);
  const laid = { tops: new Map([["web", 999]]), groups: [] };

  it("puts nodes where the core or a hand put them, and those that are not planned yet below", () => {
    const more = read(edit(unsafeDraft.text, { do: "add", id: "fresh", body: { kind: "app" } }));
    expect(more && reading).toBeTruthy();
    if (!more) return;
    const scene = sceneOf(more, unsafeDraft.answer, laid, []);
    const boxes = new Map(scene.placed.map((one) => [one.id, one] as const));
    expect(boxes.get("web")?.box.y).toBe(999);
    expect(boxes.get("fresh")?.wave).toBe(-1);
    expect(boxes.get("fresh")?.box.y).toBeGreaterThan(boxes.get("mail-templates")?.box.y ?? 0);
    expect(scene.facts.get("fresh")?.planned).toBe(false);
  });

  it("marks the edge on which versions meet that must not, and the critical path", () => {
    if (!reading) return;
    const scene = sceneOf(reading, unsafeDraft.answer, { tops: new Map(), groups: [] }, gather(unsafeDraft.answer));
    const tones = new Map(scene.edges.map((edge) => [edge.id, edge.tone] as const));
    expect(tones.get("inventory>orders")).toBe("warn");
    expect(tones.get("orders>payments")).toBe("critical");
    expect(tones.get("orders>web")).toBe("ordinary");
    expect(scene.facts.get("orders")).toMatchObject({ far: "bad", shares: "5·25·50·100", from: "2.3.1", to: "2.4.0" });
    expect(scene.facts.get("orders-db")?.port).toBe("expanded");
  });
});

describe("the layout that people made", () => {
  it("stands in comments at the end of the file, and nothing that is run changes", () => {
    const text = writeView(unsafeDraft.text, { tops: new Map([["web", 12.4]]), groups: [{ name: 'a "b"\nc', nodes: ["web", "orders"] }] });
    expect(parse(text)).toEqual(parse(unsafeDraft.text));
    expect(readView(text)).toEqual({ tops: new Map([["web", 12]]), groups: [{ name: "a  b  c", nodes: ["web", "orders"] }] });
    expect(writeView(text, { tops: new Map(), groups: [] })).toBe(unsafeDraft.text);
    expect(readView(followView(text, (id) => (id === "web" ? undefined : id)))).toEqual({ tops: new Map(), groups: [{ name: "a  b  c", nodes: ["orders"] }] });
  });
});

describe("small things", () => {
  it("every kind of node can be added to every file", () => {
    const reading = read(unsafeDraft.text);
    for (const kind of KINDS) {
      if (!reading) continue;
      const text = edit(unsafeDraft.text, { do: "add", id: `a-${kind}`, body: bodyOf(kind, `a-${kind}`, reading) });
      expect(read(text)?.nodes.get(`a-${kind}`)?.kind).toBe(kind);
    }
  });

  it("lines of YAML are coloured without losing a letter", () => {
    for (const line of unsafeDraft.text.split("\n")) expect(coloured(line).map((piece) => piece.text).join("")).toBe(line);
    expect(coloured('  a: "x # y" # z').at(-1)).toEqual({ what: "comment", text: "# z" });
  });

  it("a line belongs to its node", () => {
    const line = lineOfNode(unsafeDraft.text, "orders") ?? 0;
    expect(unsafeDraft.text.split("\n")[line - 1]).toBe("  orders:");
    expect(nodeAtLine(unsafeDraft.text, line + 3)).toBe("orders");
    expect(nodeAtLine(unsafeDraft.text, 3)).toBeUndefined();
  });

  it("shares are read as people write them, strategies as the core names them", () => {
    expect(sharesList("5, 25% 50·100")).toEqual(["5%", "25%", "50%", "100%"]);
    expect(points("Its kind is app (+20)")).toEqual({ points: "+20", text: "Its kind is app" });
    expect(choices("rolling", "canary", ["blue-green: quick"]).map((one) => one.name)).toEqual(["canary", "blue-green", "rolling"]);
  });
});
