// Puts a value at a path of a YAML text: replaces what stands there, or adds it where people would.

import type { Pair } from "yaml";
import {
  columnOf,
  endOfPair,
  follow,
  inline,
  isMap,
  isSeq,
  keyOf,
  lineEnd,
  lineStart,
  NotEditable,
  type Path,
  pairAt,
  rangeOf,
  rootOf,
  spanOf,
  splice,
  startOfPair,
  type Value,
  YAMLMap,
  YAMLSeq,
} from "./source";

/** The order in which a node's keys are written; a new one is put behind those before it. */
const ORDER = [
  "kind", "service", "needs", "connection", "version", "workload", "router", "flag", "run", "strategy",
  "health", "judge", "compatible", "triggers", "when", "on-failure", "retry", "timeout", "cancel",
  "idempotent", "estimate", "owner",
]; // prettier-ignore

/** Gives the text with `value` at `path`; maps on the way that are missing are made. */
export function put(text: string, path: Path, value: Value): string {
  const root = rootOf(text);
  const { found, left } = follow(root, path);
  if (left.length === 0) return replace(text, found, value);
  const [key, ...rest] = left;
  if (key === undefined) return text;
  if (isMap(found)) {
    const pair = pairAt(found, key);
    if (pair) return fill(text, pair, nested(rest, value));
    return insert(text, found, String(key), nested(rest, value));
  }
  if (isSeq(found) && typeof key === "number") return append(text, found, nested(rest, value));
  // A bare word that has to hold more than itself, for example `strategy: canary`: it becomes a map.
  const parent = path.slice(0, path.length - left.length);
  return put(text, parent, nested(left, value));
}

/** Gives the text with one more item at the end of the list at `path`. */
export function add(text: string, path: Path, value: Value): string {
  const { found, left } = follow(rootOf(text), path);
  if (left.length > 0) return put(text, path, [value]);
  return isSeq(found) ? append(text, found, value) : replace(text, found, [value]);
}

function nested(path: Path, value: Value): Value {
  return path.reduceRight<Value>((inner, key) => ({ [key]: inner }), value);
}

function replace(text: string, node: unknown, value: Value): string {
  const [start, end] = spanOf(node, text);
  const written = inline(value);
  const isBlock = (node instanceof YAMLMap || node instanceof YAMLSeq) && !node.flow;
  if (!isBlock) return splice(text, start, end, written);
  // What stood on lines of its own moves up behind its key, unless a comment stands there.
  const before = text.slice(0, start).trimEnd();
  const from = before.endsWith(":") ? before.length : start;
  return splice(text, from, end, from === start ? written : ` ${written}`);
}

/** Puts a value behind a key that has none. */
function fill(text: string, pair: Pair, value: Value): string {
  const range = rangeOf(pair.value);
  if (range && range[1] > range[0]) return replace(text, pair.value, value);
  return splice(text, endOfPair(pair, text), endOfPair(pair, text), ` ${inline(value)}`);
}

function insert(text: string, map: YAMLMap, key: string, value: Value): string {
  const written = `${inline(key)}: ${inline(value)}`;
  const before = predecessor(map, key);
  const first = map.items[0];
  if (map.flow) {
    if (before) return splice(text, endOfPair(before, text), endOfPair(before, text), `, ${written}`);
    const [start, end] = spanOf(map, text);
    return first
      ? splice(text, startOfPair(first), startOfPair(first), `${written}, `)
      : splice(text, start, end, `{ ${written} }`);
  }
  if (!first) throw new NotEditable("an empty map without braces cannot be added to");
  const indent = " ".repeat(columnOf(text, startOfPair(first)));
  if (!before) return splice(text, startOfPair(first), startOfPair(first), `${written}\n${indent}`);
  return insertLines(text, endOfPair(before, text), `${indent}${written}\n`);
}

/** Inserts whole lines behind the line in which `offset` lies. */
export function insertLines(text: string, offset: number, written: string): string {
  const at = lineEnd(text, offset);
  const isLast = at === text.length && !text.endsWith("\n");
  return splice(text, at, at, isLast ? `\n${written}` : written);
}

/** The pair behind which a new key belongs. */
function predecessor(map: YAMLMap, key: string): Pair | undefined {
  const rank = ORDER.indexOf(key);
  if (rank < 0) return map.items.at(-1);
  const earlier = map.items.filter((pair) => {
    const other = ORDER.indexOf(keyOf(pair));
    return other >= 0 && other < rank;
  });
  return earlier.at(-1);
}

function append(text: string, list: YAMLSeq, value: Value): string {
  const last: unknown = list.items.at(-1);
  const written = inline(value);
  if (list.flow || last === undefined) {
    if (last === undefined) {
      const [start, end] = spanOf(list, text);
      return splice(text, start, end, `[${written}]`);
    }
    const [, end] = spanOf(last, text);
    return splice(text, end, end, `, ${written}`);
  }
  const [start, end] = spanOf(last, text);
  const line = text.slice(lineStart(text, start), start);
  const dash = " ".repeat(Math.max(line.lastIndexOf("-"), 0));
  return insertLines(text, end, `${dash}- ${written}\n`);
}
