// The editor's workbench: the text, the drawing of it and what is chosen, as one thing that the
// parts of the tab share.

import { getContext, setContext } from "svelte";
import { call } from "../api/api";
import { Board } from "../graph/board.svelte";
import { routed } from "../graph/lines";
import { GraphView } from "../graph/view.svelte";
import { announce } from "../shared/live.svelte";
import { t } from "../texts/en";
import type { Editor } from "./editor.svelte";
import type { Found } from "./findings";
import { type CardFacts, sceneOf } from "./scene";
import { type Times, timesOf } from "../graph/times";

export type Shown = "graph" | "yaml" | "both";

/** Beyond this the strip would be a blur, and its times are not asked for. */
const MOST_TIMED = 300;

export class Bench {
  readonly board = new Board<CardFacts>();
  readonly view = new GraphView<CardFacts>(this.board);
  readonly editor: Editor;
  shown = $state<Shown>("graph");
  /** The finding that is shown. */
  finding = $state<string>();
  /** The pair of versions whose popover is open, as the id of its edge. */
  skew = $state<string>();
  /** The line that the YAML pane is to show. */
  line = $state<{ at: number }>();
  /** When each node runs, for the strip and the columns; absent while the core has not said it. */
  times = $state.raw<Times>();
  /** A new node that is to be shown once the core has said where it stands. */
  awaited: string | undefined;
  isGrouping = $state(false);
  isSearching = $state(false);

  constructor(editor: Editor) {
    this.editor = editor;
  }

  readonly plan = $derived.by(() => this.editor.answer?.plan ?? undefined);
  readonly chosen = $derived.by(() => {
    const { current, selected } = this.view;
    return current !== undefined && selected.has(current) && selected.size === 1 ? current : undefined;
  });

  /** Asks the core when everything happens. */
  async clock(): Promise<void> {
    const { plan } = this;
    if (!plan || this.editor.isBehind || plan.nodes.length > MOST_TIMED) return;
    const { text } = this.editor;
    try {
      const moments = await call("moments", { text });
      if (text === this.editor.text) this.times = timesOf(moments, plan);
    } catch {
      // Without times the strip is not drawn; everything else is.
      this.times = undefined;
    }
  }

  /** Draws what the text says now. */
  arrange(): void {
    const { reading, answer, laid, found } = this.editor;
    const scene = sceneOf(reading, answer, laid, found);
    for (const [id, facts] of scene.facts) this.board.tell(id, facts);
    this.board.arrange(scene.placed, scene.edges);
    if (this.awaited !== undefined && this.board.wave(this.awaited) >= 0) {
      this.view.reveal(this.awaited);
      this.awaited = undefined;
    }
    const gone = [...this.view.selected].filter((id) => !scene.facts.has(id));
    if (gone.length > 0) this.view.choose(undefined);
    if (this.view.edge !== undefined && !this.board.edge(this.view.edge)) this.view.edge = undefined;
  }

  /** Moves nodes while they are dragged, with their lines. */
  drag(tops: ReadonlyMap<string, number>): void {
    for (const [id, y] of tops) {
      const box = this.board.box(id);
      if (!box) continue;
      this.board.move(id, { ...box, y }, (edge) => {
        const [from, to] = [this.board.box(edge.from), this.board.box(edge.to)];
        return from && to ? routed(from, to) : edge.points;
      });
    }
  }

  /** Keeps where nodes were dragged to. */
  place(tops: ReadonlyMap<string, number>, label: string = t.plan.labels.move): void {
    const { laid } = this.editor;
    const moved = [...tops].filter(([id, top]) => this.board.wave(id) >= 0 && Math.round(top) !== laid.tops.get(id));
    if (moved.length === 0) return;
    this.editor.lay({ ...laid, tops: new Map([...laid.tops, ...moved]) }, label);
  }

  connect(from: string, to: string, moves?: { edge: string; end: "from" | "to" }): void {
    const label = t.plan.labels.connect(from, to);
    if (!moves) {
      this.editor.change({ do: "connect", from: { node: from }, to }, label);
      return;
    }
    const edge = this.board.edge(moves.edge);
    if (!edge) return;
    // The loose end was led to `to`; the other one stays where it is.
    const [newFrom, newTo] = moves.end === "from" ? [to, edge.to] : [edge.from, to];
    this.editor.change({ do: "reconnect", from: edge.from, to: edge.to, newFrom, newTo }, t.plan.labels.connect(newFrom, newTo));
    this.view.edge = undefined;
  }

  /** Goes to what a finding is about. */
  show(found: Found): void {
    this.finding = found.key;
    if (found.line !== undefined) this.line = { at: found.line };
    if (found.node !== undefined && this.board.box(found.node)) {
      this.view.choose(found.node);
      this.view.reveal(found.node);
    }
    this.skew = found.code === "skew-unsafe" ? this.edgeOf(found) : undefined;
    announce(`${t.plan.findings.words[found.severity]}: ${found.message}`);
  }

  /** The edge on which a skew warning stands. */
  edgeOf(found: Found): string | undefined {
    const provider = found.pointer?.split("/").at(-1);
    if (found.node === undefined || provider === undefined) return undefined;
    const edges = [...this.board.edges].filter((edge) => edge.to === found.node && edge.tone === "warn");
    return (edges.find((edge) => edge.from === provider) ?? edges[0])?.id;
  }
}

const KEY = Symbol("bench");

export function shareBench(bench: Bench): void {
  setContext(KEY, bench);
}

export function sharedBench(): Bench {
  return getContext<Bench>(KEY);
}
