// Takes things out of a YAML text together with the comments that are about them.

import type { Pair } from "yaml";
import {
  columnOf,
  endOfPair,
  follow,
  isMap,
  isSeq,
  lineEnd,
  lineStart,
  type Path,
  pairAt,
  rootOf,
  spanOf,
  splice,
  startOfPair,
  type YAMLMap,
  type YAMLSeq,
} from "./source";

/** Gives the text without what stands at `path`; the same text where nothing does. */
export function drop(text: string, path: Path): string {
  const key = path.at(-1);
  if (key === undefined) return text;
  const { found, left } = follow(rootOf(text), path.slice(0, -1));
  if (left.length > 0) return text;
  if (isMap(found)) {
    const pair = pairAt(found, key);
    return pair ? dropPair(text, found, pair) : text;
  }
  if (isSeq(found) && typeof key === "number" && key < found.items.length) {
    return found.items.length === 1 ? drop(text, path.slice(0, -1)) : dropItem(text, found, key);
  }
  return text;
}

function dropPair(text: string, map: YAMLMap, pair: Pair): string {
  if (map.items.length === 1) {
    const [start, end] = spanOf(map, text);
    if (map.flow) return splice(text, start, end, "{}");
    return emptied(text, wholeLines(text, startOfPair(pair), endOfPair(pair, text), false));
  }
  if (map.flow) {
    const at = map.items.indexOf(pair);
    const next = map.items[at + 1];
    const previous = map.items[at - 1];
    return next
      ? splice(text, startOfPair(pair), startOfPair(next), "")
      : splice(text, previous ? endOfPair(previous, text) : startOfPair(pair), endOfPair(pair, text), "");
  }
  const isFirst = map.items[0] === pair;
  return cut(text, wholeLines(text, startOfPair(pair), endOfPair(pair, text), isFirst));
}

/** Takes out the only entry of a map of lines: its key says `{}`, and other comments below it stay. */
function emptied(text: string, [from, to]: [number, number]): string {
  let line = lineStart(text, from - 1);
  while (line > 0 && /^[ \t]*(#.*)?$/.test(text.slice(line, lineEnd(text, line)).trimEnd())) {
    line = lineStart(text, line - 1);
  }
  const behind = endOfKey(text, line);
  return splice(splice(text, from, to, ""), behind, behind, " {}");
}

/** The offset behind the colon that ends a line, but for a comment. */
function endOfKey(text: string, line: number): number {
  const written = text.slice(line, lineEnd(text, line));
  const found = /:(?=[ \t]*(#.*)?\n?$)/.exec(written);
  return line + (found ? found.index + 1 : written.trimEnd().length);
}

function dropItem(text: string, list: YAMLSeq, at: number): string {
  const [start, end] = spanOf(list.items[at], text);
  if (list.flow) {
    if (at + 1 < list.items.length) {
      return splice(text, start, spanOf(list.items[at + 1], text)[0], "");
    }
    return splice(text, spanOf(list.items[at - 1], text)[1], end, "");
  }
  return cut(text, wholeLines(text, start, end, at === 0));
}

/**
 * The lines of an entry and the comment right above it. What stands above the first entry is about
 * all of them and stays.
 */
export function wholeLines(text: string, start: number, end: number, isFirst: boolean): [number, number] {
  let from = lineStart(text, start);
  const column = columnOf(text, start);
  while (!isFirst && from > 0) {
    const above = text.slice(lineStart(text, from - 1), from - 1);
    if (!above.trimStart().startsWith("#") || above.length - above.trimStart().length !== column) break;
    from = lineStart(text, from - 1);
  }
  return [from, lineEnd(text, end)];
}

/** Cuts lines out; of the blank lines before and behind them one block stays. */
function cut(text: string, [from, to]: [number, number]): string {
  const isBlank = (offset: number) => offset < text.length && /^[ \t]*(\n|$)/.test(text.slice(offset, lineEnd(text, offset)));
  let end = to;
  const isAfterBlank = from > 0 && isBlank(lineStart(text, from - 1));
  while (isAfterBlank && isBlank(end)) end = lineEnd(text, end);
  return splice(text, from, end, "");
}
