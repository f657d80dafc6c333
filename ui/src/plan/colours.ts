// The pieces of a line of YAML that are told apart on screen: keys, comments and the rest.

export type Piece = { what: "key" | "comment" | "value"; text: string };

/** Cuts a line into pieces; joined they are the line again. */
export function coloured(line: string): Piece[] {
  const at = commentAt(line);
  const before = at < 0 ? line : line.slice(0, at);
  const pieces: Piece[] = [];
  const key = /^(\s*(?:- )?)([^\s#'"{}[\],&*][^:#{}[\]]*|"[^"]*"|'[^']*')(:)(?=\s|$)/.exec(before);
  if (key) {
    pieces.push({ what: "value", text: key[1] ?? "" }, { what: "key", text: key[2] ?? "" });
    pieces.push({ what: "value", text: before.slice(key[0].length - 1) });
  } else {
    pieces.push({ what: "value", text: before });
  }
  if (at >= 0) pieces.push({ what: "comment", text: line.slice(at) });
  return pieces.filter((piece) => piece.text !== "");
}

/** Where the comment of a line begins: a `#` at its start or behind a blank, and not within quotes. */
function commentAt(line: string): number {
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] ?? "";
    if (quote !== "") {
      if (sign === quote) quote = "";
    } else if ((sign === '"' || sign === "'") && /[\s[{,:]/.test(line[at - 1] ?? " ")) quote = sign;
    else if (sign === "#" && (at === 0 || /\s/.test(line[at - 1] ?? ""))) return at;
  }
  return -1;
}
