// How people laid out the drawing, kept in the file as comments at its end: everybody who opens it
// sees the same picture, undo takes it back like any other edit, and nothing that is run changes.
//
//   # view: orders at 320
//   # view: group "Checkout path": orders, web

/** A frame around some nodes with a name. */
export type Group = { name: string; nodes: string[] };
export type Laid = { tops: ReadonlyMap<string, number>; groups: readonly Group[] };

const LINE = /^# view: (.*)$/;
const PLACE = /^(\S+) at (-?\d+)$/;
const GROUP = /^group "([^"]*)": (.*)$/;

export function readView(text: string): Laid {
  const tops = new Map<string, number>();
  const groups: Group[] = [];
  for (const line of text.split("\n")) {
    const said = LINE.exec(line.trimEnd())?.[1];
    if (said === undefined) continue;
    const place = PLACE.exec(said);
    const group = GROUP.exec(said);
    if (place?.[1]) tops.set(place[1], Number(place[2]));
    else if (group?.[2]) groups.push({ name: group[1] ?? "", nodes: group[2].split(",").map((id) => id.trim()).filter(Boolean) });
  }
  return { tops, groups };
}

/** Gives the text with this layout in the place of the one before. */
export function writeView(text: string, laid: Laid): string {
  const kept = text.split("\n").filter((line) => !LINE.test(line.trimEnd())).join("\n");
  const lines = [
    ...[...laid.tops].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, top]) => `# view: ${id} at ${Math.round(top)}`),
    ...laid.groups.filter((group) => group.nodes.length > 0).map((group) => `# view: group "${clean(group.name)}": ${group.nodes.join(", ")}`),
  ];
  if (lines.length === 0) return kept;
  return `${kept}${kept === "" || kept.endsWith("\n") ? "" : "\n"}${lines.join("\n")}\n`;
}

/** A name that stays within its quotes and on its line. */
function clean(name: string): string {
  return name.replaceAll(/["\r\n\u0085\u2028\u2029]/g, " ").trim();
}

/** Follows a renamed or removed node; what is said of nodes that are gone is forgotten. */
export function followView(text: string, names: (id: string) => string | undefined): string {
  const laid = readView(text);
  if (laid.tops.size === 0 && laid.groups.length === 0) return text;
  const tops = new Map<string, number>();
  for (const [id, top] of laid.tops) {
    const name = names(id);
    if (name !== undefined) tops.set(name, top);
  }
  const groups = laid.groups.map(({ name, nodes }) => ({ name, nodes: nodes.flatMap((id) => names(id) ?? []) }));
  return writeView(text, { tops, groups });
}
