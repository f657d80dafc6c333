// Draws what elements are too dear for: all lines, and at the far level the nodes too. Lines are
// gathered into one path a tone when they change, so that a frame of panning draws a few paths.

import type { Board, Edge, FarTone, Flat, Tone } from "./board.svelte";
import { type Camera, seen, type Size } from "./geometry";
import { halfway, rounded } from "./lines";
import type { Pending } from "./view.svelte";

/** Colours as the canvas needs them: values, not variables. */
export type Palette = Record<"ink1" | "ink2" | "ink3" | "line2" | "line3" | "card" | "ground" | "ok" | "warn" | "bad" | "accent", string>;

const VARIABLES: Palette = {
  ink1: "--ink-1",
  ink2: "--ink-2",
  ink3: "--ink-3",
  line2: "--line-2",
  line3: "--line-3",
  card: "--bg-2",
  ground: "--bg-0",
  ok: "--ok",
  warn: "--warn",
  bad: "--bad",
  accent: "--accent",
};

/** Reads the colours of the theme in which an element lies. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const value = (key: keyof Palette) => style.getPropertyValue(VARIABLES[key]).trim() || "#888";
  return {
    ink1: value("ink1"), ink2: value("ink2"), ink3: value("ink3"), line2: value("line2"), line3: value("line3"),
    card: value("card"), ground: value("ground"), ok: value("ok"), warn: value("warn"), bad: value("bad"),
    accent: value("accent"),
  }; // prettier-ignore
}

type Stroke = { colour: keyof Palette; width: number; dash: number[] };
const STROKES: Record<Tone, Stroke> = {
  implied: { colour: "line3", width: 1.25, dash: [1, 3] },
  ordinary: { colour: "line3", width: 1.25, dash: [] },
  done: { colour: "ok", width: 1.75, dash: [] },
  critical: { colour: "ink1", width: 2.25, dash: [] },
  warn: { colour: "warn", width: 1.75, dash: [5, 4] },
  bad: { colour: "bad", width: 2.25, dash: [7, 3] },
};
const BORDERS: Record<FarTone, keyof Palette> = {
  plain: "line3",
  faint: "line2",
  critical: "ink1",
  running: "accent",
  done: "ok",
  warn: "warn",
  bad: "bad",
};

/** The lines of a board as few paths; made once for each arrangement. */
export type Lines = ReadonlyMap<Tone, { path: Path2D; marks: { x: number; y: number }[] }>;

export function gather(edges: Iterable<Edge>, skip: ReadonlySet<string> = new Set()): Lines {
  const found = new Map<Tone, { path: Path2D; marks: { x: number; y: number }[] }>();
  for (const edge of edges) {
    if (skip.has(edge.id)) continue;
    let tone = found.get(edge.tone);
    if (!tone) found.set(edge.tone, (tone = { path: new Path2D(), marks: [] }));
    tone.path.addPath(new Path2D(rounded(edge.points)));
    if (edge.tone === "warn") tone.marks.push(halfway(edge.points));
  }
  return found;
}

export type Scene<Facts extends Flat> = {
  board: Board<Facts>;
  lines: Lines;
  cards: Cards;
  camera: Camera;
  screen: Size;
  palette: Palette;
  isFar: boolean;
  selected: ReadonlySet<string>;
  selectedEdge: string | undefined;
  current: string | undefined;
  pending?: Pending | undefined;
};

/** Draws one frame. */
export function paint<Facts extends Flat>(context: CanvasRenderingContext2D, scene: Scene<Facts>, ratio: number): void {
  const { camera, screen } = scene;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, screen.width * ratio, screen.height * ratio);
  context.setTransform(camera.zoom * ratio, 0, 0, camera.zoom * ratio, camera.x * ratio, camera.y * ratio);
  paintLines(context, scene);
  if (scene.isFar) paintNodes(context, scene);
  if (scene.pending) paintPending(context, scene, scene.pending);
}

function paintLines<Facts extends Flat>(context: CanvasRenderingContext2D, scene: Scene<Facts>): void {
  const { camera, palette, lines, board } = scene;
  // Far lines stay a pixel wide: thinner ones would flicker, thicker ones would cover the nodes.
  const thin = Math.max(1, 1 / camera.zoom);
  for (const tone of ["implied", "ordinary", "done", "critical", "warn", "bad"] as const) {
    const gathered = lines.get(tone);
    if (!gathered) continue;
    const { colour, width, dash } = STROKES[tone];
    context.strokeStyle = palette[colour];
    context.lineWidth = scene.isFar ? thin : width;
    context.setLineDash(scene.isFar ? [] : dash);
    context.stroke(gathered.path);
    if (!scene.isFar) for (const mark of gathered.marks) paintMark(context, mark, palette);
  }
  context.setLineDash([]);
  const chosen = scene.selectedEdge === undefined ? undefined : board.edge(scene.selectedEdge);
  if (!chosen) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = 2.5 * (scene.isFar ? thin : 1);
  context.stroke(new Path2D(rounded(chosen.points)));
}

/** The triangle on a line that warns: the colour alone would not say it. */
function paintMark(context: CanvasRenderingContext2D, { x, y }: { x: number; y: number }, palette: Palette): void {
  context.setLineDash([]);
  context.fillStyle = palette.ground;
  context.strokeStyle = palette.warn;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  context.stroke(new Path2D(`M${x} ${y - 4.5}l4.6 8h-9.2zM${x} ${y - 1.5}v2.2M${x} ${y + 2}v.1`));
  context.setLineDash(STROKES.warn.dash);
}

function paintNodes<Facts extends Flat>(context: CanvasRenderingContext2D, scene: Scene<Facts>): void {
  const { palette, camera, cards } = scene;
  context.lineWidth = Math.max(1.5, 1 / camera.zoom);
  context.fillStyle = palette.card;
  context.fill(cards.all);
  for (const [tone, path] of cards.byTone) {
    context.strokeStyle = palette[BORDERS[tone]];
    context.stroke(path);
  }
  if (camera.zoom >= READABLE) paintNames(context, scene, scene.board.nodes.within(seen(camera, scene.screen)));
  paintChosen(context, scene);
}

/** The boxes of a board as one path a tone: changing the colour is what costs. */
export type Cards = { all: Path2D; byTone: ReadonlyMap<FarTone, Path2D> };

export function gatherCards<Facts extends Flat>(board: Board<Facts>): Cards {
  const all = new Path2D();
  const byTone = new Map<FarTone, Path2D>();
  for (const [id, { x, y, width, height }] of board.nodes.entries()) {
    all.rect(x, y, width, height);
    const tone = board.facts(id)?.far ?? "plain";
    let path = byTone.get(tone);
    if (!path) byTone.set(tone, (path = new Path2D()));
    path.rect(x, y, width, height);
  }
  return { all, byTone };
}

/** Below this zoom no name has room for its letters. */
const READABLE = 0.18;

/** Names and states, as long as they can be read. */
function paintNames<Facts extends Flat>(context: CanvasRenderingContext2D, scene: Scene<Facts>, ids: ReadonlySet<string>): void {
  const { camera, palette, board } = scene;
  // Eleven pixels on the screen, whatever the zoom.
  const size = 11 / camera.zoom;
  context.font = `500 ${size}px Inter, system-ui, sans-serif`;
  context.textBaseline = "top";
  for (const id of ids) {
    const box = board.box(id);
    const facts = board.facts(id);
    if (!box || !facts) continue;
    const room = Math.floor((box.width - 16) / (size * 0.56));
    context.fillStyle = palette.ink1;
    context.fillText(clipped(id, room), box.x + 8, box.y + 8);
    const word = facts["word"];
    if (typeof word === "string" && box.height > 2.6 * size) {
      context.fillStyle = palette[facts.far === "plain" || facts.far === "critical" ? "ink2" : BORDERS[facts.far]];
      context.fillText(clipped(word, room), box.x + 8, box.y + 8 + size * 1.3);
    }
  }
}

function clipped(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(room - 1, 1))}…`;
}

function paintChosen<Facts extends Flat>(context: CanvasRenderingContext2D, scene: Scene<Facts>): void {
  const { board, palette, camera, selected, current } = scene;
  context.strokeStyle = palette.accent;
  context.lineWidth = 2 / camera.zoom;
  for (const id of selected) {
    const box = board.box(id);
    if (box) context.strokeRect(box.x, box.y, box.width, box.height);
  }
  const box = current === undefined ? undefined : board.box(current);
  const gap = 3 / camera.zoom;
  if (box) context.strokeRect(box.x - gap, box.y - gap, box.width + 2 * gap, box.height + 2 * gap);
}

/** The edge that is being drawn; where it closes a ring, the whole ring. */
function paintPending<Facts extends Flat>(context: CanvasRenderingContext2D, scene: Scene<Facts>, pending: Pending): void {
  const { board, palette } = scene;
  const box = board.box(pending.from);
  if (!box) return;
  context.strokeStyle = pending.ring ? palette.bad : palette.accent;
  context.lineWidth = 2;
  context.setLineDash([5, 4]);
  context.beginPath();
  const isBeginning = pending.moves?.end === "from";
  context.moveTo(isBeginning ? box.x : box.x + box.width, box.y + box.height / 2);
  context.lineTo(pending.at.x, pending.at.y);
  context.stroke();
  context.setLineDash([]);
  const members = pending.ring ?? [];
  members.forEach((node, at) => {
    const needed = members[at + 1];
    const edge = needed === undefined ? undefined : board.edge(`${needed}>${node}`);
    if (edge) context.stroke(new Path2D(rounded(edge.points)));
  });
}
