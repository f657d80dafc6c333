// Which node stands on which line, read off the indentation: quick enough for every move of the caret.

const KEY = /^( +)(["']?)([a-z0-9][a-z0-9.-]*)\2:(\s|$)/;

/** The line, from 1, on which a node begins. */
export function lineOfNode(text: string, id: string): number | undefined {
  for (const { id: found, line } of nodeLines(text)) if (found === id) return line;
  return undefined;
}

/** The node to which a line belongs. */
export function nodeAtLine(text: string, line: number): string | undefined {
  let found: string | undefined;
  for (const node of nodeLines(text)) {
    if (node.line > line) break;
    found = line <= node.end ? node.id : undefined;
  }
  return found;
}

function* nodeLines(text: string): Generator<{ id: string; line: number; end: number }> {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => /^nodes:/.test(line));
  if (start < 0) return;
  let indent: number | undefined;
  let open: { id: string; line: number } | undefined;
  for (let at = start + 1; at <= lines.length; at++) {
    const line = lines[at] ?? "";
    const isOver = at === lines.length || /^[^\s#]/.test(line);
    const key = KEY.exec(line);
    if (key) indent ??= key[1]?.length;
    if (isOver || (key && key[1]?.length === indent)) {
      if (open) yield { ...open, end: at };
      open = key?.[3] !== undefined && !isOver ? { id: key[3], line: at + 1 } : undefined;
    }
    if (isOver) return;
  }
}
