import type { Link } from "./wire";

let link = $state<Link>("there");

/** Whether the page hears of changes; where it does not, what it shows may be old. */
export function linked(): Link {
  return link;
}

/** Says what the transport noticed. */
export function setLink(now: Link): void {
  link = now;
}
