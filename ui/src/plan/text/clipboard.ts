// Nodes on the clipboard are YAML, as they stand in the file: they can be pasted into an editor, a
// chat or another release just as well.

import { drop, wholeLines } from "./drop";
import { nodeIds, nodesOf, renameAll } from "./needs";
import { insertLines } from "./put";
import {
  columnOf,
  endOfPair,
  keyOf,
  lineStart,
  lines,
  NotEditable,
  rootOf,
  splice,
  startOfPair,
  type Value,
} from "./source";

/** Writes some nodes as a release file of their own, with their comments. */
export function copy(text: string, ids: ReadonlySet<string>): string {
  const nodes = nodesOf(rootOf(text));
  const parts = nodes.items
    .filter((pair) => ids.has(keyOf(pair)))
    .map((pair) => {
      if (nodes.flow) return `  ${text.slice(startOfPair(pair), endOfPair(pair, text))}\n`;
      const [from, to] = wholeLines(text, startOfPair(pair), endOfPair(pair, text), false);
      return indented(text.slice(from, to), columnOf(text, startOfPair(pair)), 2);
    });
  return parts.length === 0 ? "" : `nodes:\n${parts.join("\n")}`;
}

/** Moves lines from one indentation to another. */
function indented(block: string, from: number, to: number): string {
  const ended = block.endsWith("\n") ? block : `${block}\n`;
  if (from === to) return ended;
  return ended
    .split("\n")
    .map((line) => (line.trim() === "" ? "" : " ".repeat(to) + line.slice(Math.min(from, line.length - line.trimStart().length))))
    .join("\n");
}

/** Gives the text with the copied nodes in it, and the ids that they have there. */
export function paste(text: string, copied: string): { text: string; ids: string[] } {
  const taken = new Set(nodeIds(text));
  const names = new Map<string, string>();
  for (const id of nodeIds(copied)) {
    const fresh = freeId(id, taken);
    taken.add(fresh);
    names.set(id, fresh);
  }
  if (names.size === 0) throw new NotEditable("the clipboard holds no nodes of a release");
  const renamed = renameAll(copied, names);
  const nodes = nodesOf(rootOf(renamed));
  const first = nodes.items[0];
  if (!first || nodes.flow) throw new NotEditable("the clipboard holds no nodes of a release");
  const from = lineStart(renamed, startOfPair(first));
  const block = renamed.slice(from, endOfPair(nodes.items.at(-1) ?? first, renamed));
  const column = columnOf(renamed, startOfPair(first));
  return { text: append(text, (indent) => indented(block, column, indent)), ids: [...names.values()] };
}

/** An id that is not taken yet: `orders`, then `orders-2`, then `orders-3`. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const base = wanted.replace(/-\d+$/, "");
  for (let number = 2; ; number++) {
    const id = `${base}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** Gives the text with a new node behind all others. */
export function addNode(text: string, id: string, body: { readonly [key: string]: Value | undefined }): string {
  return append(text, (indent) => `${" ".repeat(indent)}${id}:\n${lines(body, indent + 2)}`);
}

/** Adds a block of lines behind the last node, apart from it as the nodes are from each other. */
function append(text: string, write: (indent: number) => string): string {
  const root = rootOf(text);
  const nodes = nodesOf(root);
  const last = nodes.items.at(-1);
  if (!last) {
    const bare = drop(text, ["nodes"]);
    const gap = bare === "" || bare.endsWith("\n\n") ? "" : bare.endsWith("\n") ? "\n" : "\n\n";
    return `${bare}${gap}nodes:\n${write(2)}`;
  }
  if (nodes.flow) return append(unfolded(text), write);
  const previous = nodes.items.at(-2);
  const between = previous ? text.slice(endOfPair(previous, text), startOfPair(last)) : "\n\n";
  const gap = /\n[ \t]*\n/.test(between) ? "\n" : "";
  return insertLines(text, endOfPair(last, text), gap + write(columnOf(text, startOfPair(last))));
}

/** Gives `nodes: { a: {…} }` a line a node, so that another one can follow. */
function unfolded(text: string): string {
  const nodes = nodesOf(rootOf(text));
  const written = nodes.items.map((pair) => `  ${text.slice(startOfPair(pair), endOfPair(pair, text))}`);
  const range = nodes.range;
  if (!range) throw new NotEditable("the nodes cannot be found in the text");
  return splice(text, range[0], range[1], `\n${written.join("\n")}`);
}

