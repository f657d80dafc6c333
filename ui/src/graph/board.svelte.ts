// What a graph shows: where things are, and for each node a store of its own, so that a node that
// changes redraws itself and nothing else.

import { Boxes } from "./boxes";
import { type Box, grown, type Point } from "./geometry";
import { extent } from "./lines";

/** How a line is drawn; each differs from the others by more than its colour. */
export type Tone = "ordinary" | "critical" | "done" | "warn" | "implied" | "bad";

export type Edge = {
  id: string;
  from: string;
  to: string;
  points: readonly Point[];
  tone: Tone;
  /** What it waits for, where that is not `done`. */
  milestone?: string;
};

export type Placed = { id: string; box: Box; wave: number };

/** The least that the far level needs of a node: its name, and its state as a colour with a word. */
export type Flat = { readonly far: FarTone; readonly [fact: string]: string | number | boolean | undefined };
export type FarTone = "plain" | "critical" | "running" | "done" | "warn" | "bad" | "faint";

class Cell<Facts extends Flat> {
  facts: Facts;
  constructor(facts: Facts) {
    this.facts = $state.raw(facts);
  }
}

export class Board<Facts extends Flat> {
  nodes = new Boxes();
  #waves = new Map<string, number>();
  #edges = new Map<string, Edge>();
  #edgeBoxes = new Boxes();
  readonly #cells = new Map<string, Cell<Facts>>();
  #needs = new Map<string, string[]>();
  #dependents = new Map<string, string[]>();
  #shape = $state(0);
  #look = $state(0);

  /** Grows with every change of where things are; reading it makes a reaction depend on that. */
  get shape(): number {
    return this.#shape;
  }

  /** Grows with every change of how anything looks. */
  get look(): number {
    return this.#look;
  }

  get ids(): string[] {
    return [...this.#waves.keys()];
  }

  get edges(): IterableIterator<Edge> {
    return this.#edges.values();
  }

  get edgeBoxes(): Boxes {
    return this.#edgeBoxes;
  }

  edge(id: string): Edge | undefined {
    return this.#edges.get(id);
  }

  box(id: string): Box | undefined {
    return this.nodes.get(id);
  }

  wave(id: string): number {
    return this.#waves.get(id) ?? 0;
  }

  needsOf(id: string): readonly string[] {
    return this.#needs.get(id) ?? [];
  }

  dependentsOf(id: string): readonly string[] {
    return this.#dependents.get(id) ?? [];
  }

  get needs(): ReadonlyMap<string, readonly string[]> {
    return this.#needs;
  }

  /** The facts of a node; whoever reads them in a component is drawn again when they change. */
  facts(id: string): Facts | undefined {
    return this.#cells.get(id)?.facts;
  }

  /** Puts everything in its place. Facts of nodes that are gone are forgotten. */
  arrange(placed: readonly Placed[], edges: readonly Edge[]): void {
    this.nodes = new Boxes(placed.map(({ id, box }) => [id, box] as const));
    this.#waves = new Map(placed.map(({ id, wave }) => [id, wave]));
    this.#edges = new Map(edges.map((edge) => [edge.id, edge]));
    this.#edgeBoxes = new Boxes(edges.map((edge) => [edge.id, roomy(edge)] as const));
    this.#needs = new Map();
    this.#dependents = new Map();
    for (const { from, to } of edges) {
      push(this.#needs, to, from);
      push(this.#dependents, from, to);
    }
    for (const id of this.#cells.keys()) if (!this.#waves.has(id)) this.#cells.delete(id);
    this.#shape += 1;
    this.#look += 1;
  }

  /** Moves one node while it is dragged; its lines come along by `route`. */
  move(id: string, box: Box, route: (edge: Edge) => readonly Point[]): void {
    this.nodes.put(id, box);
    for (const edge of this.#edges.values()) {
      if (edge.from === id || edge.to === id) this.draw({ ...edge, points: route(edge) });
    }
    this.#look += 1;
  }

  /** Draws one line anew. */
  draw(edge: Edge): void {
    this.#edges.set(edge.id, edge);
    this.#edgeBoxes.put(edge.id, roomy(edge));
    this.#look += 1;
  }

  /** Says what is so of a node; nothing happens where it is so already. */
  tell(id: string, facts: Facts): void {
    const cell = this.#cells.get(id);
    if (!cell) {
      this.#cells.set(id, new Cell(facts));
      this.#look += 1;
    } else if (!same(cell.facts, facts)) {
      const isFarSame = cell.facts.far === facts.far;
      cell.facts = facts;
      if (!isFarSame) this.#look += 1;
    }
  }
}

/** A line that runs straight has no height, and is still to be found by an area. */
function roomy(edge: Edge): Box {
  return grown(extent(edge.points), { width: 2, height: 2 });
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function same(one: Flat, other: Flat): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
