type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Writes what was pressed as the registry writes it: `Ctrl+K`, `Shift+R`, `?`, `G`, `F8`. */
export function chord(event: Pressed): string {
  const letter = /^\p{L}$/u.test(event.key);
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  // A sign such as `?` already is what Shift made of a key.
  if (event.shiftKey && (letter || event.key.length > 1)) parts.push("Shift");
  parts.push(letter ? event.key.toUpperCase() : event.key === " " ? "Space" : event.key);
  return parts.join("+");
}

const SIGNS: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Enter: "↵",
  Escape: "Esc",
};

/** The caps to draw for a chord. */
export function caps(keys: string): string[] {
  return keys.split("+").map((key) => SIGNS[key] ?? key);
}

/** Whether the key belongs to what is being typed, not to a shortcut. */
export function isTyping(target: EventTarget | null, keys: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const writes =
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type));
  if (writes) return !(keys === "Ctrl+K" || /^F\d+$/.test(keys));
  // Enter, space and arrows work the control that has the focus.
  const pressable = target.closest("button, a[href], [role=tab], [role=radio], [role=menuitem], [role=slider], input");
  return pressable !== null && /^(Enter|Space|Arrow(Left|Right|Up|Down)|Home|End)$/.test(keys);
}
