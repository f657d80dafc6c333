import type { ChecklistItem, ChecklistPart } from "../api/answers/poll";

export type ItemState = "passed" | "failed" | "open" | "no-data" | "waived";

/** The state of an item as the page's table of states calls it. */
export function stateOf(item: ChecklistItem): ItemState {
  if (item.result === "pass") return "passed";
  if (item.result === "fail") return "failed";
  if (item.result === "waived") return "waived";
  return item.automatic ? "no-data" : "open";
}

/** Whether a required item would hold the release. */
export function isOpen(item: ChecklistItem): boolean {
  return item.result === "fail" || item.result === "not-tested";
}

export type Counts = { all: number; done: number; waived: number; open: number };

/** How many items of some lists are done, waived and open. */
export function counts(parts: ChecklistPart[]): Counts {
  const items = parts.flatMap((part) => part.items);
  const done = items.filter((item) => item.result === "pass").length;
  const waived = items.filter((item) => item.result === "waived").length;
  return { all: items.length, done, waived, open: items.length - done - waived };
}

/** The lists in the order of a release: what is asked before the start, then what comes later, the rollback's last. */
export function ordered(parts: ChecklistPart[]): ChecklistPart[] {
  const rank = (part: ChecklistPart) => (part.before === "start" ? 0 : part.before === null ? 2 : 1);
  return [...parts].sort((a, b) => rank(a) - rank(b));
}

/** Whether somebody asked for a waiver of it that nobody else has approved yet. */
export function waitsForApprover(item: ChecklistItem): boolean {
  if (item.waiver) return item.waiver.approver === undefined;
  return item.result !== "waived" && item.why.includes("the waiver of ");
}

/** What shows an answer, as a few words; a link only where it leads to a page. */
export function evidenceOf(item: ChecklistItem): { words: string; href?: string; hash?: string } | undefined {
  const { evidence } = item;
  if (evidence === undefined) return undefined;
  if ("file" in evidence) return { words: evidence.file.name, hash: evidence.file.sha256 };
  return leadsToPage(evidence.link) ? { words: shortened(evidence.link), href: evidence.link } : { words: evidence.link };
}

function leadsToPage(link: string): boolean {
  return /^https?:\/\//i.test(link);
}

function shortened(link: string): string {
  const bare = link.replace(/^https?:\/\//i, "");
  return bare.length > 34 ? `${bare.slice(0, 33)}…` : bare;
}
