// The edges of the graph as they stand in the file: `needs` of each node, in any of its three forms.

import { follow, isMap, isScalar, isSeq, keyOf, type Path, rangeOf, rootOf, spanOf, splice, YAMLMap } from "./source";

/** One need as it is written: `inventory`, `inventory:live`, or `{ node: inventory, milestone: live }`. */
export type Need = { node: string; milestone?: string };

export function parseNeed(written: string): Need {
  const [node = "", milestone] = written.split(":");
  return milestone ? { node, milestone } : { node };
}

export function writeNeed(need: Need): string {
  return need.milestone ? `${need.node}:${need.milestone}` : need.node;
}

/** The ids of all nodes, in the order of the file. */
export function nodeIds(text: string): string[] {
  return nodesOf(rootOf(text)).items.map(keyOf);
}

/** The map of nodes; an empty one where the file has none yet. */
export function nodesOf(root: YAMLMap): YAMLMap {
  const { found, left } = follow(root, ["nodes"]);
  return left.length === 0 && isMap(found) ? found : new YAMLMap();
}

/** What a node needs, with the place of each in its list. */
export function needsOf(root: YAMLMap, node: string): Need[] {
  const { found, left } = follow(root, ["nodes", node, "needs"]);
  if (left.length > 0 || !isSeq(found)) return [];
  return found.items.map((item) => readNeed(item) ?? { node: "" });
}

function readNeed(item: unknown): Need | undefined {
  if (isScalar(item)) return parseNeed(String(item.value));
  if (!isMap(item)) return undefined;
  const milestone = item.get("milestone");
  const node = String(item.get("node") ?? "");
  return milestone ? { node, milestone: String(milestone) } : { node };
}

/** Every place of the file in which the id of a node stands, beside its own key. */
function mentions(root: YAMLMap, id: string): Path[] {
  const found: Path[] = [];
  for (const pair of nodesOf(root).items) {
    const node = keyOf(pair);
    needsOf(root, node).forEach((need, at) => {
      if (need.node === id) found.push(["nodes", node, "needs", at]);
    });
    for (const strategy of ["expand-contract", "shadow-writes"]) {
      const path = ["nodes", node, "strategy", strategy, "contract", "after"];
      const { found: list, left } = follow(root, path);
      if (left.length > 0 || !isSeq(list)) continue;
      list.items.forEach((item, at) => {
        if (readNeed(item)?.node === id) found.push([...path, at]);
      });
    }
  }
  return found;
}

/** Gives every node another name by `names`, wherever it is mentioned. */
export function renameAll(text: string, names: ReadonlyMap<string, string>): string {
  const root = rootOf(text);
  const edits: [number, number, string][] = [];
  for (const [from, to] of names) {
    const pair = nodesOf(root).items.find((candidate) => keyOf(candidate) === from);
    const key = rangeOf(pair?.key);
    if (key) edits.push([key[0], key[1], to]);
    for (const path of mentions(root, from)) {
      const { found } = follow(root, path);
      const place = isMap(found) ? follow(found, ["node"]).found : found;
      const [start, end] = spanOf(place, text);
      const need = isScalar(found) ? readNeed(found) : undefined;
      edits.push([start, end, need ? writeNeed({ ...need, node: to }) : to]);
    }
  }
  edits.sort(([one], [other]) => other - one);
  return edits.reduce((written, [start, end, by]) => splice(written, start, end, by), text);
}

/** Takes every mention of some nodes out of the lists of others. */
export function mentionsOf(text: string, gone: ReadonlySet<string>): Path[] {
  const root = rootOf(text);
  const paths = [...gone].flatMap((id) => mentions(root, id));
  // Later places of a list first, so that the places before them stay what they are.
  return paths
    .filter((path) => !gone.has(String(path[1])))
    .sort((one, other) => Number(other.at(-1)) - Number(one.at(-1)));
}
