// What can be done with the chosen nodes. Buttons, keys and the palette come to these.

import { count } from "../shared/format";
import { announce } from "../shared/live.svelte";
import { t } from "../texts/en";
import type { Bench } from "./bench.svelte";
import { readClipboard, writeClipboard } from "./clipboard";
import { edit } from "./change";
import { copy, paste } from "./text/clipboard";
import { NotEditable } from "./text/source";
import { writeView } from "./text/view";

/** Takes out the chosen nodes, or the chosen edge. */
export function remove(bench: Bench): void {
  const { view, editor } = bench;
  const edge = view.edge === undefined ? undefined : bench.board.edge(view.edge);
  if (edge) {
    editor.change({ do: "disconnect", from: edge.from, to: edge.to }, t.plan.labels.disconnect(edge.from, edge.to));
    view.edge = undefined;
    return;
  }
  const nodes = [...view.selected];
  const [only] = nodes;
  if (only === undefined) return;
  const label = nodes.length === 1 ? only : count(nodes.length, "node");
  if (editor.change({ do: "remove", nodes }, t.plan.labels.remove(label))) view.choose(undefined);
}

export async function copyChosen(bench: Bench): Promise<void> {
  await writeClipboard(copy(bench.editor.text, bench.view.selected));
  announce(t.plan.copied(count(bench.view.selected.size, "node")));
}

export async function pasteHere(bench: Bench): Promise<void> {
  put(bench, await readClipboard(), t.plan.labels.paste);
}

export function duplicate(bench: Bench): void {
  put(bench, copy(bench.editor.text, bench.view.selected), t.plan.labels.duplicate);
}

function put(bench: Bench, copied: string, label: string): void {
  let ids: string[] = [];
  const done = bench.editor.rewrite((text) => {
    const pasted = copied === "" ? undefined : paste(text, copied);
    if (!pasted) throw new NotEditable(t.plan.nothingCopied);
    ids = pasted.ids;
    return pasted.text;
  }, label);
  if (!done) return;
  bench.arrange();
  bench.view.selected = new Set(ids);
  bench.view.current = ids[0];
  if (ids[0] !== undefined) bench.view.reveal(ids[0]);
}

/** Puts the chosen nodes into one row: that of the one that was chosen last. */
export function align(bench: Bench): void {
  const { view, board } = bench;
  const row = view.current === undefined ? undefined : board.box(view.current);
  const boxes = [...view.selected].flatMap((id) => board.box(id) ?? []);
  const top = row?.y ?? Math.min(...boxes.map((box) => box.y));
  bench.place(new Map([...view.selected].map((id) => [id, top] as const)), t.plan.labels.align);
}

/** Moves the chosen nodes within their columns. */
export function shift(bench: Bench, by: number): void {
  const tops = [...bench.view.selected].flatMap((id) => {
    const box = bench.board.box(id);
    return box ? [[id, box.y + by] as const] : [];
  });
  bench.place(new Map(tops));
}

export function tidy(bench: Bench): void {
  const { laid } = bench.editor;
  bench.editor.lay({ ...laid, tops: new Map() }, t.plan.labels.tidy);
}

/** Frames the chosen nodes; a node stands in one frame at most. */
export function group(bench: Bench, name: string): void {
  const nodes = [...bench.view.selected];
  const { laid } = bench.editor;
  const others = laid.groups.map((one) => ({ ...one, nodes: one.nodes.filter((id) => !bench.view.selected.has(id)) }));
  bench.editor.lay({ ...laid, groups: [...others, { name, nodes }] }, t.plan.labels.group);
}

export function ungroup(bench: Bench, name: string): void {
  const { laid } = bench.editor;
  bench.editor.lay({ ...laid, groups: laid.groups.filter((one) => one.name !== name) }, t.plan.labels.ungroup);
}

/** Leads the drawn edge to the node that it points at. */
export function join(bench: Bench): void {
  const pending = bench.view.pending;
  bench.view.pending = undefined;
  if (pending?.over !== undefined) bench.connect(pending.from, pending.over, pending.moves);
}

/** Writes the accepted version of a pair into the file, with the reason behind it. */
export function accept(bench: Bench, pair: { consumer: string; service: string; version: string }, reason: string): void {
  const path = ["nodes", pair.consumer, "compatible", pair.service];
  bench.editor.rewrite((text) => {
    const accepted = edit(text, { do: "set", path, value: `>=${pair.version}` });
    const line = changedLine(text, accepted);
    if (line < 0) return accepted;
    const lines = accepted.split("\n");
    const said = reason.replaceAll(/\s+/g, " ").trim();
    lines[line] = `${lines[line] ?? ""}  # accepted: ${said}`;
    return lines.join("\n");
  }, t.plan.labels.set("compatible", pair.consumer));
}

function changedLine(before: string, after: string): number {
  const old = before.split("\n");
  return after.split("\n").findIndex((line, at) => line !== old[at]);
}

/** Keeps the layout comments, so that a renamed node stays where it was. */
export function renameTo(bench: Bench, node: string, to: string): boolean {
  const { laid } = bench.editor;
  const done = bench.editor.rewrite((text) => {
    const renamed = edit(text, { do: "rename", node, to });
    const name = (id: string) => (id === node ? to : id);
    return writeView(renamed, {
      tops: new Map([...laid.tops].map(([id, top]) => [name(id), top])),
      groups: laid.groups.map((one) => ({ ...one, nodes: one.nodes.map(name) })),
    });
  }, t.plan.labels.rename(to));
  if (done) {
    bench.arrange();
    bench.view.choose(to);
  }
  return done;
}
