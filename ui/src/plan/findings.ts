// What was found, in one list: problems of the text with their places, and what only the plan knows.

import type { DraftAnswer, PlanFinding, Problem, Severity } from "../api/answers/plan";

export type Found = {
  key: string;
  severity: Severity;
  code: string;
  message: string;
  hint: string;
  node?: string;
  pointer?: string;
  line?: number;
  column?: number;
};

const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** Gathers everything that was found, worst first; what both lists say stands once, with its place. */
export function gather(answer: DraftAnswer | undefined): Found[] {
  if (!answer) return [];
  const found = new Map<string, Found>();
  for (const problem of answer.problems) put(found, ofProblem(problem));
  for (const finding of answer.plan?.findings ?? []) put(found, ofFinding(finding));
  return [...found.values()].sort((one, other) => RANK[one.severity] - RANK[other.severity]);
}

function put(found: Map<string, Found>, one: Found): void {
  if (!found.has(one.key)) found.set(one.key, one);
}

function keyOf(code: string, pointer: string | undefined, message: string): string {
  // The text's list ends a sentence without its full stop.
  return `${code} ${pointer ?? ""} ${message.replace(/\.$/, "")}`;
}

function ofProblem(problem: Problem): Found {
  const { severity, code, message, pointer, line, column } = problem;
  const node = nodeOf(pointer);
  return {
    key: keyOf(code, pointer, message), severity, code, message, hint: problem.hint ?? "", line, column,
    ...(pointer ? { pointer } : {}), ...(node ? { node } : {}),
  }; // prettier-ignore
}

function ofFinding(finding: PlanFinding): Found {
  const { severity, code, message, hint, pointer } = finding;
  const node = finding.node ?? nodeOf(pointer);
  return {
    key: keyOf(code, pointer, message), severity, code, message, hint,
    ...(pointer ? { pointer } : {}), ...(node ? { node } : {}),
  }; // prettier-ignore
}

/** The node that a JSON pointer leads into. */
export function nodeOf(pointer: string | undefined): string | undefined {
  const [, first, id] = (pointer ?? "").split("/");
  return first === "nodes" && id ? id.replaceAll("~1", "/").replaceAll("~0", "~") : undefined;
}

/** The key of a node's own map that a pointer leads to, such as `strategy`. */
export function fieldOf(pointer: string | undefined): string | undefined {
  const [, first, , field] = (pointer ?? "").split("/");
  return first === "nodes" ? field : undefined;
}

/** The worst that was found of each node. */
export function worstOf(found: readonly Found[]): Map<string, Found> {
  const worst = new Map<string, Found>();
  for (const one of found) if (one.node !== undefined && !worst.has(one.node)) worst.set(one.node, one);
  return worst;
}

/** The finding after the one that is shown, round and round. */
export function next(found: readonly Found[], shown: string | undefined): Found | undefined {
  const at = found.findIndex((one) => one.key === shown);
  return found[(at + 1) % Math.max(found.length, 1)];
}
