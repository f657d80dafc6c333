// Finds boxes by place without looking at all of them: a grid of cells, each with the ids that touch it.

import { type Box, isInside, overlap, type Point } from "./geometry";

const CELL = 512;

export class Boxes {
  readonly #cells = new Map<string, Set<string>>();
  readonly #boxes = new Map<string, Box>();

  constructor(entries: Iterable<readonly [string, Box]> = []) {
    for (const [id, box] of entries) this.put(id, box);
  }

  get size(): number {
    return this.#boxes.size;
  }

  get(id: string): Box | undefined {
    return this.#boxes.get(id);
  }

  entries(): IterableIterator<[string, Box]> {
    return this.#boxes.entries();
  }

  put(id: string, box: Box): void {
    this.remove(id);
    this.#boxes.set(id, box);
    for (const key of cells(box)) {
      const cell = this.#cells.get(key);
      if (cell) cell.add(id);
      else this.#cells.set(key, new Set([id]));
    }
  }

  remove(id: string): void {
    const box = this.#boxes.get(id);
    if (!box) return;
    this.#boxes.delete(id);
    for (const key of cells(box)) this.#cells.get(key)?.delete(id);
  }

  /** All boxes that touch the area, each once. */
  within(area: Box): Set<string> {
    const found = new Set<string>();
    if (cellCount(area) > this.#cells.size) {
      for (const [id, box] of this.#boxes) if (overlap(box, area)) found.add(id);
      return found;
    }
    for (const key of cells(area)) {
      for (const id of this.#cells.get(key) ?? []) {
        const box = this.#boxes.get(id);
        if (box && overlap(box, area)) found.add(id);
      }
    }
    return found;
  }

  /** The box at a point; the one that was put last where several lie on top of each other. */
  at(point: Point): string | undefined {
    let found: string | undefined;
    for (const id of this.#cells.get(cellOf(point.x, point.y)) ?? []) {
      const box = this.#boxes.get(id);
      if (box && isInside(point, box)) found = id;
    }
    return found;
  }
}

function cellOf(x: number, y: number): string {
  return `${Math.floor(x / CELL)},${Math.floor(y / CELL)}`;
}

function cellCount(box: Box): number {
  return (box.width / CELL + 1) * (box.height / CELL + 1);
}

function* cells(box: Box): Generator<string> {
  const right = Math.floor((box.x + box.width) / CELL);
  const bottom = Math.floor((box.y + box.height) / CELL);
  for (let x = Math.floor(box.x / CELL); x <= right; x++) {
    for (let y = Math.floor(box.y / CELL); y <= bottom; y++) yield `${x},${y}`;
  }
}
