// Every edit of the graph is an edit of the file's text. `edit` is the only way from one to the other.

import { addNode, freeId, paste } from "./text/clipboard";
import { drop } from "./text/drop";
import { mentionsOf, type Need, needsOf, nodeIds, renameAll, writeNeed } from "./text/needs";
import { add, put } from "./text/put";
import { NotEditable, type Path, rootOf, type Value } from "./text/source";

/** What a person changes by the graph or by the form of a node. */
export type Change =
  | { do: "add"; id: string; body: { readonly [key: string]: Value | undefined } }
  | { do: "paste"; copied: string }
  | { do: "remove"; nodes: readonly string[] }
  | { do: "rename"; node: string; to: string }
  | { do: "connect"; from: Need; to: string }
  | { do: "disconnect"; from: string; to: string }
  | { do: "reconnect"; from: string; to: string; newFrom: string; newTo: string }
  | { do: "set"; path: Path; value: Value }
  | { do: "unset"; path: Path };

/** Gives the text of the release after a change. Throws `NotEditable` with a sentence. */
export function edit(text: string, change: Change): string {
  switch (change.do) {
    case "add":
      return addNode(text, freeId(change.id, new Set(nodeIds(text))), change.body);
    case "paste":
      return paste(text, change.copied).text;
    case "remove":
      return remove(text, new Set(change.nodes));
    case "rename":
      return rename(text, change.node, change.to);
    case "connect":
      return joined(text, change.from, change.to);
    case "disconnect":
      return parted(text, change.from, change.to);
    case "reconnect":
      return reconnected(text, change);
    case "set":
      return put(text, change.path, change.value);
    case "unset":
      return drop(text, change.path);
  }
}

function remove(text: string, nodes: ReadonlySet<string>): string {
  const apart = mentionsOf(text, nodes).reduce(drop, text);
  return [...nodes].reduce((rest, id) => drop(rest, ["nodes", id]), apart);
}

const ID = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;

function rename(text: string, node: string, to: string): string {
  if (node === to) return text;
  if (!ID.test(to)) throw new NotEditable(`\`${to}\` cannot be an id: small letters, digits, \`-\` and \`.\` only`);
  if (nodeIds(text).includes(to)) throw new NotEditable(`\`${to}\` is there already`);
  return renameAll(text, new Map([[node, to]]));
}

/** A need of the same node is replaced: two milestones of one node say no more than the later one. */
function joined(text: string, from: Need, to: string): string {
  if (from.node === to) throw new NotEditable(`\`${to}\` cannot need itself`);
  const at = needsOf(rootOf(text), to).findIndex((need) => need.node === from.node);
  const path = ["nodes", to, "needs"];
  return at < 0 ? add(text, path, writeNeed(from)) : put(text, [...path, at], writeNeed(from));
}

function parted(text: string, from: string, to: string): string {
  const at = needsOf(rootOf(text), to).findIndex((need) => need.node === from);
  return at < 0 ? text : drop(text, ["nodes", to, "needs", at]);
}

function reconnected(
  text: string,
  { from, to, newFrom, newTo }: { from: string; to: string; newFrom: string; newTo: string },
): string {
  if (from === newFrom && to === newTo) return text;
  const old = needsOf(rootOf(text), to).find((need) => need.node === from);
  // The milestone belongs to the node that is needed, and goes with it.
  const need = newFrom === from && old ? old : { node: newFrom };
  if (to === newTo && old && !needsOf(rootOf(text), to).some((other) => other.node === newFrom)) {
    const at = needsOf(rootOf(text), to).findIndex((other) => other.node === from);
    return put(text, ["nodes", to, "needs", at], writeNeed(need));
  }
  return joined(parted(text, from, to), need, newTo);
}
