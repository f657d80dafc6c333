// How somebody looks at a graph: the camera, what is chosen, the edge that is being drawn.

import type { Board, Flat } from "./board.svelte";
import { around, type Camera, fitting, middle, type Point, revealing, type Size, toFlow } from "./geometry";
import { hit } from "./hit";
import { ring } from "./ring";
import { type Direction, step } from "./walk";
import { FAR, NOTHING, type Window, windowFor } from "./window";

/** An edge on its way: from a node to the pointer, or to the node that the arrow keys have reached. */
export type Pending = {
  from: string;
  /** The edge that is led elsewhere, and which of its ends is loose. */
  moves?: { edge: string; end: "from" | "to" };
  at: Point;
  over?: string;
  /** The ring that it would close: its nodes, first needed last. */
  ring?: string[];
};

const PADDING = 16;
const CLOSEST = 2;
const FARTHEST = 0.02;

export class GraphView<Facts extends Flat> {
  readonly board: Board<Facts>;
  camera = $state.raw<Camera>({ x: PADDING, y: PADDING, zoom: 1 });
  screen = $state.raw<Size>({ width: 0, height: 0 });
  selected = $state.raw<ReadonlySet<string>>(new Set());
  edge = $state<string>();
  current = $state<string>();
  pending = $state.raw<Pending>();
  #window: Window = NOTHING;
  #shape = -1;

  constructor(board: Board<Facts>) {
    this.board = board;
  }

  readonly isFar = $derived.by(() => this.camera.zoom < FAR);

  /** The nodes that the page holds as elements; none at the far level. */
  readonly window = $derived.by(() => {
    // What lies in the window has to be looked up anew once things have moved.
    const isMoved = this.board.shape !== this.#shape;
    this.#shape = this.board.shape;
    if (isMoved) this.#window = NOTHING;
    if (this.isFar || this.screen.width === 0) return NOTHING;
    this.#window = windowFor(this.board.nodes, this.camera, this.screen, this.#window);
    return this.#window;
  });

  /**
   * Shows everything; a graph that is small enough stands at the upper left, as one reads. One that
   * would be drawn smaller than `least` is not, and has to be moved to be seen whole.
   */
  fit(least = FARTHEST): void {
    const box = around([...this.board.nodes.entries()].map(([, node]) => node));
    if (!box || this.screen.width === 0) return;
    const fit = fitting(box, this.screen, PADDING, 1);
    const whole = fit.zoom < least ? { ...fit, zoom: least } : fit;
    const isReadable = whole.zoom >= FAR;
    this.camera = isReadable
      ? { zoom: whole.zoom, x: PADDING - box.x * whole.zoom, y: PADDING - box.y * whole.zoom }
      : whole;
  }

  /** Comes closer or goes away by a factor, around a point of the screen. */
  zoom(factor: number, around: Point = { x: this.screen.width / 2, y: this.screen.height / 2 }): void {
    const zoom = Math.min(Math.max(this.camera.zoom * factor, FARTHEST), CLOSEST);
    const fixed = toFlow(around, this.camera);
    this.camera = { zoom, x: around.x - fixed.x * zoom, y: around.y - fixed.y * zoom };
  }

  /** Moves the camera only as far as is needed to see a node. */
  reveal(id: string): void {
    const box = this.board.box(id);
    if (box) this.camera = revealing(box, this.camera, this.screen, 24);
  }

  /** Comes close to a node. */
  approach(id: string): void {
    const box = this.board.box(id);
    if (!box) return;
    const centre = middle(box);
    this.camera = { zoom: 1, x: this.screen.width / 2 - centre.x, y: this.screen.height / 2 - centre.y };
    this.choose(id);
  }

  /** Chooses a node alone, or beside those that are chosen. */
  choose(id: string | undefined, how: "alone" | "beside" = "alone"): void {
    this.edge = undefined;
    this.current = id;
    if (id === undefined) {
      this.selected = new Set();
    } else if (how === "alone") {
      this.selected = new Set([id]);
    } else {
      const both = new Set(this.selected);
      if (!both.delete(id)) both.add(id);
      this.selected = both;
    }
  }

  chooseEdge(id: string): void {
    this.choose(undefined);
    this.edge = id;
  }

  /** Takes what the elements in the window say is chosen; what lies outside stays as it was. */
  chosenInWindow(ids: readonly string[]): void {
    const both = new Set([...this.selected].filter((id) => !this.window.ids.has(id)));
    for (const id of ids) both.add(id);
    if (both.size === this.selected.size && [...both].every((id) => this.selected.has(id))) return;
    this.selected = both;
    if (ids.length > 0) this.edge = undefined;
    if (this.current === undefined || !both.has(this.current)) this.current = ids.at(-1) ?? this.current;
  }

  /** Follows an arrow key; tells the node that it led to. */
  go(direction: Direction): string | undefined {
    const next = step(this.#places(), this.pending?.over ?? this.current, direction);
    if (next === undefined) return undefined;
    if (this.pending) this.aim(next);
    else this.choose(next);
    this.reveal(next);
    return next;
  }

  #places() {
    const { board } = this;
    return {
      ids: board.ids,
      boxOf: (id: string) => board.box(id),
      waveOf: (id: string) => board.wave(id),
      needsOf: (id: string) => board.needsOf(id),
      dependentsOf: (id: string) => board.dependentsOf(id),
      isAiming: this.pending !== undefined,
    };
  }

  /** Begins an edge at a node. */
  draw(from: string, moves?: Pending["moves"]): void {
    const box = this.board.box(from);
    if (!box) return;
    const at = { x: box.x + box.width + 24, y: middle(box).y };
    this.pending = moves ? { from, at, moves } : { from, at };
  }

  /** Leads the loose end to a node, and looks whether that closes a ring. */
  aim(over: string | undefined, at?: Point): void {
    const pending = this.pending;
    if (!pending) return;
    const box = over === undefined ? undefined : this.board.box(over);
    const point = at ?? (box ? { x: box.x, y: middle(box).y } : pending.at);
    const { over: _before, ring: _ring, ...rest } = pending;
    if (over === undefined || over === pending.from) {
      this.pending = { ...rest, at: point };
      return;
    }
    const [from, to] = pending.moves?.end === "from" ? [over, pending.from] : [pending.from, over];
    const closed = ring(this.board.needs, from, to);
    this.pending = closed ? { ...rest, at: point, over, ring: closed } : { ...rest, at: point, over };
  }

  /** What lies under a point of the screen. */
  under(point: Point) {
    const { board } = this;
    const lineOf = (id: string) => board.edge(id)?.points ?? [];
    const reach = 6 / this.camera.zoom;
    return hit(toFlow(point, this.camera), board.nodes, board.edgeBoxes, lineOf, reach);
  }
}
