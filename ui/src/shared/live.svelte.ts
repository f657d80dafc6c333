let polite = $state("");
let assertive = $state("");

/** Tells people who hear the screen; alarming news interrupts what is being read. */
export function announce(text: string, how: "polite" | "assertive" = "polite"): void {
  if (how === "assertive") assertive = text;
  else polite = text;
}

/** What the two live regions say. */
export function spoken(): { polite: string; assertive: string } {
  return { polite, assertive };
}
