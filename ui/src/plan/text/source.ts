// Where things stand in the text of a YAML file. Edits replace the few characters that they change
// and leave every other byte as somebody wrote it; writing the document anew would not.

import { isMap, isScalar, isSeq, type Pair, parseDocument, stringify, YAMLMap, YAMLSeq } from "yaml";

/** A step into the file: a key of a map, or a place in a list. */
export type Path = readonly (string | number)[];
/** What can stand in a release file. */
export type Value =
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** A text that cannot be edited by the graph until somebody has mended it by hand. */
export class NotEditable extends Error {
  constructor(
    message: string,
    readonly line?: number,
  ) {
    super(message);
  }
}

/** The root of a file, or a sentence that says where it is not YAML. */
export function rootOf(text: string): YAMLMap {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new NotEditable(error.message.split("\n")[0] ?? error.message, error.linePos?.[0].line);
  const root: unknown = document.contents;
  if (!(root instanceof YAMLMap)) throw new NotEditable("a release file is a map of keys and values");
  return root;
}

/** Finds the pair of a key. */
export function pairAt(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === String(key));
}

export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** Follows a path as far as it goes: the node that was found last, and what of the path is left. */
export function follow(root: YAMLMap, path: Path): { found: unknown; left: Path } {
  let found: unknown = root;
  for (let at = 0; at < path.length; at++) {
    const next = inside(found, path[at]);
    if (next === undefined) return { found, left: path.slice(at) };
    found = next;
  }
  return { found, left: [] };
}

function inside(node: unknown, key: string | number | undefined): unknown {
  if (key === undefined) return undefined;
  if (isMap(node)) return pairAt(node, key)?.value ?? undefined;
  if (isSeq(node)) return node.items[Number(key)];
  return undefined;
}

/** Where a node begins and ends in the text, without the blanks and comments behind it. */
export function spanOf(node: unknown, text: string): [number, number] {
  const range = rangeOf(node);
  if (!range) throw new NotEditable("this place cannot be found in the text");
  return [range[0], endOf(node, text)];
}

function endOf(node: unknown, text: string): number {
  const range = rangeOf(node);
  if (isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    if (last) return endOfPair(last, text);
  }
  if (isSeq(node) && !node.flow) {
    const last: unknown = node.items.at(-1);
    if (last !== undefined) return endOf(last, text);
  }
  let end = range?.[1] ?? 0;
  while (end > (range?.[0] ?? 0) && text[end - 1] === "\n") end--;
  return end;
}

export function endOfPair(pair: Pair, text: string): number {
  const value = rangeOf(pair.value);
  if (value && value[1] > value[0]) return endOf(pair.value, text);
  const key = rangeOf(pair.key);
  const colon = text.indexOf(":", key?.[1] ?? 0);
  return colon < 0 ? (key?.[1] ?? 0) : colon + 1;
}

export function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  const range: unknown = node.range;
  if (!Array.isArray(range)) return undefined;
  const [start, end, whole]: unknown[] = range;
  return typeof start === "number" && typeof end === "number" && typeof whole === "number"
    ? [start, end, whole]
    : undefined;
}

export function startOfPair(pair: Pair): number {
  const range = rangeOf(pair.key);
  if (!range) throw new NotEditable("this key cannot be found in the text");
  return range[0];
}

/** The start of the line in which an offset lies. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset behind the line break of the line in which an offset lies. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** How far a place is from the left edge. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Replaces a part of the text. */
export function splice(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}

/** Writes a value on one line, as people write it in release files: `{ canary: { bake: 15m } }`. */
export function inline(value: Value): string {
  return stringify(value, {
    collectionStyle: "flow",
    lineWidth: 0,
    flowCollectionPadding: true,
    defaultStringType: "PLAIN",
    defaultKeyType: "PLAIN",
  })
    .trimEnd()
    .replaceAll(/\[ (?! )(.*?) \]/g, "[$1]");
}

/** Writes a node of a release as lines: a key a line, what it holds behind it. */
export function lines(value: { readonly [key: string]: Value | undefined }, indent: number): string {
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${" ".repeat(indent)}${key}: ${inline(inner ?? null)}\n`)
    .join("");
}

export { isMap, isScalar, isSeq, YAMLMap, YAMLSeq };
