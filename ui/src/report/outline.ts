import type { Account } from "../api/answers/report";
import { kindOf } from "./account";

/** The parts of a report, in their order. */
export const SECTIONS = ["impact", "trigger", "evidence", "timings", "undone", "stays", "approvals", "factor", "good", "action", "timeline"] as const;
export type SectionName = (typeof SECTIONS)[number];

/** The parts that this report has: what went back is told only where something did. */
export function outline(account: Account): SectionName[] {
  const isIncident = kindOf(account.standing) === "incident";
  const has: Record<SectionName, boolean> = {
    impact: true,
    trigger: account.trigger !== undefined || account.decision !== undefined,
    evidence: account.verdicts.some((verdict) => verdict.metrics.length > 0),
    timings: account.trigger !== undefined || account.decision !== undefined,
    undone: account.undo.length > 0,
    stays: account.left.length > 0 || isIncident,
    approvals: account.approvals.length > 0,
    factor: isIncident,
    good: true,
    action: true,
    timeline: true,
  };
  return SECTIONS.filter((name) => has[name]);
}

/** The topics that stand in a part, to say in the outline where people are still missing. */
export const TOPICS: Partial<Record<SectionName, string[]>> = {
  impact: ["impact"],
  factor: ["factor"],
  good: ["went-well", "went-badly", "lucky"],
  action: ["action"],
};
