// The ring that an edge would close, while it is drawn. The core has the last word on every draft;
// this is for the moment in which there is no draft yet.

/** For each node, the nodes that it needs. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/**
 * Gives the nodes of the shortest ring that "`to` needs `from`" would close, starting with `from`
 * and following what is needed back to `to`; `undefined` where it closes none.
 */
export function ring(needs: Needs, from: string, to: string): string[] | undefined {
  if (from === to) return [from];
  const cameFrom = new Map<string, string>();
  let wave = [from];
  while (wave.length > 0) {
    const next: string[] = [];
    for (const node of wave) {
      for (const needed of needs.get(node) ?? []) {
        if (needed === from || cameFrom.has(needed)) continue;
        cameFrom.set(needed, node);
        if (needed === to) return back(cameFrom, from, to);
        next.push(needed);
      }
    }
    wave = next;
  }
  return undefined;
}

function back(cameFrom: ReadonlyMap<string, string>, from: string, to: string): string[] {
  const path = [to];
  let at: string | undefined = to;
  while (at !== undefined && at !== from) {
    at = cameFrom.get(at);
    if (at !== undefined) path.push(at);
  }
  return path.reverse();
}
