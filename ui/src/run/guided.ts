// The five steps of a rollback: identify, notify, execute, verify, document. What the record shows is
// ticked by itself; the rest is for people, with notes.

import type { Entry, Standing } from "../api/answers/run";
import { sentence, text } from "./facts";

export const STEPS = ["identify", "notify", "execute", "verify", "document"] as const;
export type GuidedStep = (typeof STEPS)[number];
export type Guided = { step: GuidedStep; state: "done" | "running" | "waiting" | "stuck"; fact: string; notes: string[] };

const VERIFIES = /\/verify/;

/** The steps of the rollback that is or was under way; none where the run never turned back. */
export function guidedOf(standing: Standing, journal: readonly Entry[]): Guided[] {
  const turned = journal.findIndex((entry) => entry.kind === "rollback-started");
  if (turned < 0) return [];
  const since = journal.slice(turned);
  const [start] = since;
  const actions = Array.isArray(start?.["actions"]) ? start["actions"].length : 0;
  const over = since.filter((entry) => entry.kind === "undo-succeeded" || entry.kind === "undo-skipped");
  const verified = over.filter((entry) => VERIFIES.test(entry.step ?? "")).length;
  const isEnded = standing.outcome !== null;
  const isStuck = standing.nodes.some((node) => node.state === "stuck");
  const executed = isEnded ? "done" : isStuck ? "stuck" : "running";
  return [
    { step: "identify", state: "done", fact: start ? (sentence(start) ?? "") : "", notes: notesOf(since, "identify") },
    { step: "notify", state: notesOf(since, "notify").length > 0 || isEnded ? "done" : "running", fact: "", notes: notesOf(since, "notify") },
    { step: "execute", state: executed, fact: `${over.length} / ${actions}`, notes: notesOf(since, "execute") },
    { step: "verify", state: isEnded ? "done" : verified > 0 ? "running" : "waiting", fact: String(verified), notes: notesOf(since, "verify") },
    { step: "document", state: isEnded ? "running" : "waiting", fact: "", notes: notesOf(since, "document") },
  ];
}

function notesOf(since: readonly Entry[], step: GuidedStep): string[] {
  return since.flatMap((entry) => {
    const tags = entry["tags"];
    const isMine = entry.kind === "note" && Array.isArray(tags) && tags.includes(`rollback-${step}`);
    return isMine ? [`${text(entry, "by") ?? ""}: ${text(entry, "text") ?? ""}`] : [];
  });
}

/** Which wave of the way back is under way, out of how many: from the actions and their needs. */
export function backWave(journal: readonly Entry[]): { wave: number; of: number } | undefined {
  const start = journal.findLast((entry) => entry.kind === "rollback-started");
  const listed = start?.["actions"];
  if (!start || !Array.isArray(listed)) return undefined;
  const levels: number[] = [];
  const ids: string[] = [];
  for (const action of listed) {
    const { id, needs } = partsOf(action);
    ids.push(id);
    levels.push(1 + Math.max(0, ...needs.map((need) => levels[need] ?? 0)));
  }
  const over = new Set(journal.filter((entry) => entry.seq > start.seq && /^undo-(succeeded|skipped)$/.test(entry.kind)).map((entry) => entry.step));
  const open = levels.filter((_level, at) => !over.has(ids[at]));
  const of = Math.max(0, ...levels);
  return of === 0 ? undefined : { wave: Math.min(of, open.length > 0 ? Math.min(...open) : of), of };
}

function partsOf(action: unknown): { id: string; needs: number[] } {
  if (typeof action !== "object" || action === null) return { id: "", needs: [] };
  const id = "id" in action && typeof action.id === "string" ? action.id : "";
  const needs = "needs" in action && Array.isArray(action.needs) ? action.needs.filter((need: unknown) => typeof need === "number") : [];
  return { id, needs };
}
