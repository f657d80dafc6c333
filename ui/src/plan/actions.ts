// Everything that can be done on the Plan tab, each once: button, key and palette read the same entry.

import type { Action } from "../shared/actions.svelte";
import { announce } from "../shared/live.svelte";
import { t } from "../texts/en";
import type { Bench } from "./bench.svelte";
import * as deeds from "./deeds";
import { next } from "./findings";

type Rest = { focusAdd: () => void; rehearse: () => void };

export function actionsOf(bench: Bench, rest: Rest): Action[] {
  return [...texts(bench), ...nodes(bench, rest), ...layout(bench), ...looks(bench, rest)];
}

const need = (so: boolean, why: string) => () => (so ? undefined : why);
const group = t.plan.group;

function texts({ editor }: Bench): Action[] {
  return [
    {
      id: "plan.undo", title: editor.undoes === undefined ? t.plan.actions.undo : t.plan.undoWhat(editor.undoes), group, keys: "Ctrl+Z",
      bar: t.plan.bars.undo, refused: need(editor.undoes !== undefined, t.plan.nothingToUndo), run: () => editor.undo(),
    },
    {
      id: "plan.redo", title: editor.redoes === undefined ? t.plan.actions.redo : t.plan.redoWhat(editor.redoes), group,
      keys: "Ctrl+Shift+Z", refused: need(editor.redoes !== undefined, t.plan.nothingToRedo), run: () => editor.redo(),
    },
    { id: "plan.save", title: t.plan.actions.save, group, keys: "Ctrl+S", run: () => editor.save() },
  ]; // prettier-ignore
}

function nodes(bench: Bench, { focusAdd }: Rest): Action[] {
  const { view } = bench;
  const some = need(view.selected.size > 0, t.plan.chooseFirst);
  return [
    { id: "plan.add", title: t.plan.actions.add, group, keys: "A", bar: t.plan.bars.add, run: focusAdd },
    {
      id: "plan.connect", title: t.plan.actions.connect, group, keys: "E", bar: t.plan.bars.connect,
      refused: need(view.current !== undefined, t.plan.chooseFirst), run: () => connect(bench),
    },
    {
      id: "plan.remove", title: t.plan.actions.remove, group, keys: "Delete",
      refused: need(view.selected.size > 0 || view.edge !== undefined, t.plan.chooseFirst), run: () => deeds.remove(bench),
    },
    { id: "plan.copy", title: t.plan.actions.copy, group, keys: "Ctrl+C", refused: some, run: () => deeds.copyChosen(bench) },
    {
      id: "plan.cut", title: t.plan.actions.cut, group, keys: "Ctrl+X", refused: some,
      run: async () => {
        await deeds.copyChosen(bench);
        deeds.remove(bench);
      },
    },
    { id: "plan.paste", title: t.plan.actions.paste, group, keys: "Ctrl+V", run: () => deeds.pasteHere(bench) },
    { id: "plan.duplicate", title: t.plan.actions.duplicate, group, keys: "Ctrl+D", refused: some, run: () => deeds.duplicate(bench) },
    { id: "plan.all", title: t.plan.actions.all, group, keys: "Ctrl+A", run: () => void (view.selected = new Set(bench.board.ids)) },
  ]; // prettier-ignore
}

function connect(bench: Bench): void {
  const { current } = bench.view;
  if (current === undefined) return;
  bench.view.draw(current);
  announce(t.plan.connecting(current));
}

function layout(bench: Bench): Action[] {
  const { view, editor } = bench;
  const two = need(view.selected.size > 1, t.plan.chooseTwo);
  const some = need(view.selected.size > 0, t.plan.chooseFirst);
  return [
    { id: "plan.align", title: t.plan.actions.align, group, keys: "L", refused: two, run: () => deeds.align(bench) },
    { id: "plan.group", title: t.plan.actions.group, group, keys: "Ctrl+G", refused: two, run: () => void (bench.isGrouping = true) },
    { id: "plan.up", title: t.plan.actions.upward, group, keys: "Alt+ArrowUp", refused: some, run: () => deeds.shift(bench, -8) },
    { id: "plan.down", title: t.plan.actions.downward, group, keys: "Alt+ArrowDown", refused: some, run: () => deeds.shift(bench, 8) },
    { id: "plan.tidy", title: t.plan.actions.tidy, group, refused: need(editor.laid.tops.size > 0, t.plan.nothingMoved), run: () => deeds.tidy(bench) },
  ]; // prettier-ignore
}

function looks(bench: Bench, { rehearse }: Rest): Action[] {
  const { view, editor } = bench;
  return [
    {
      id: "plan.finding", title: t.plan.actions.nextFinding, group, keys: "F8",
      refused: need(editor.found.length > 0, t.plan.nothingFound),
      run: () => {
        const found = next(editor.found, bench.finding);
        if (found) bench.show(found);
      },
    },
    {
      id: "plan.yaml", title: t.plan.actions.yaml, group, keys: "Y", bar: t.plan.bars.yaml,
      run: () => void (bench.shown = bench.shown === "graph" ? "both" : "graph"),
    },
    { id: "plan.rehearse", title: t.plan.actions.rehearse, button: t.plan.actions.rehearse, group, keys: "R", run: rehearse },
    { id: "plan.search", title: t.plan.actions.search, group, keys: "/", run: () => void (bench.isSearching = true) },
    { id: "plan.fit", title: t.plan.actions.fit, group, keys: "F", run: () => view.fit() },
    { id: "plan.closer", title: t.plan.actions.closer, group, keys: "+", run: () => view.zoom(1.25) },
    { id: "plan.farther", title: t.plan.actions.farther, group, keys: "-", run: () => view.zoom(0.8) },
    {
      id: "plan.drop", title: t.plan.actions.drop, group, keys: "Escape",
      run: () => {
        if (view.pending) view.pending = undefined;
        else if (bench.skew !== undefined) bench.skew = undefined;
        else view.choose(undefined);
      },
    },
  ]; // prettier-ignore
}
