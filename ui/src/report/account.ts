import type { Account, Remark, ReportMoment } from "../api/answers/report";
import type { Written } from "../api/answers/rollback";
import { duration, percent, stopwatch } from "../shared/format";
import { t } from "../texts/en";

/** Reads the account out of the document that the core wrote. */
export function read(written: Written): Account {
  const account: Account = JSON.parse(written.text ?? "null");
  return account;
}

/** What kind of report it is. */
export function kindOf(standing: string): keyof typeof t.report.kinds {
  if (standing === "succeeded") return "completion";
  if (standing === "cancelled") return "cancellation";
  return ["rolled-back", "partly-rolled-back", "failed"].includes(standing) ? "incident" : "interim";
}

/** A line that the machine wrote, with the first and the last entry that it comes from. */
export type Line = { label?: string; text: string; first?: number; last?: number };

function line(label: string, text: string, seq?: number): Line {
  return { label, text, first: seq, last: seq };
}

/** The lines for somebody who reads nothing else: the core's own, or the facts one by one. */
export function summary(account: Account): Line[] {
  if (account.summary) return account.summary.map(({ text, sources }) => ({ text, first: sources[0], last: sources.at(-1) }));
  const words = t.report;
  const { trigger, decision } = account;
  const outcome = words.outcomes[account.standing] ?? account.standing;
  return [
    line(words.lead.outcome, account.sentence ? `${outcome}; ${account.sentence}.` : `${outcome}.`, account.ended_seq),
    trigger
      ? line(words.lead.cause, trigger.step ? words.at(trigger.kind, trigger.step, trigger.sentence) : trigger.sentence, trigger.seq)
      : line(words.lead.cause, words.nothingSetOff),
    decision ? line(words.lead.answer, words.decidedBy(decision.by ?? words.policy, decision.nodes?.join(", ") ?? decision.scope), decision.seq) : line(words.lead.answer, words.notBack),
    users(account),
    line(words.lead.now, `${nodesNow(account).join(", ")}.`),
  ];
}

function users(account: Account): Line {
  const widest = account.exposure.reduce<Account["exposure"][number] | undefined>(
    (found, exposure) => (found && found.highest_bp >= exposure.highest_bp ? found : exposure),
    undefined,
  );
  if (!widest) return line(t.report.lead.users, t.report.notExposed);
  const text = t.report.exposed([widest.node], percent(widest.highest_bp / 10_000), duration(widest.exposed_ms));
  return line(t.report.lead.users, text, widest.shares[0]?.seq);
}

/** How many nodes are in which state: "4 nodes rolled back". */
export function nodesNow(account: Account): string[] {
  const numbers = new Map<string, number>();
  for (const node of account.nodes) numbers.set(node.state, (numbers.get(node.state) ?? 0) + 1);
  return [...numbers].map(([state, number]) => t.report.states(number, state));
}

/** The times that are read first: how long from the first bad sign to each answer, and the whole. */
export function figures(account: Account): { value: string; label: string; seq?: number }[] {
  const told = account.timings.filter((timing) => timing.moment !== "first-bad-sample" && timing.since_first_ms !== undefined);
  const answers = told.slice(-3).map((timing) => ({
    value: exact(timing.since_first_ms ?? 0),
    label: t.report.moments[timing.moment] ?? timing.moment,
    seq: timing.seq,
  }));
  return [...answers, { value: exact(account.took_ms), label: t.report.took, seq: account.ended_seq }];
}

/** "5 s", "6:48": seconds are what is compared here. */
function exact(milliseconds: number): string {
  return milliseconds < 60_000 ? duration(milliseconds) : stopwatch(milliseconds);
}

/** What people wrote about some topics. */
export function remarks(account: Account, ...topics: string[]): Remark[] {
  return account.remarks.filter((remark) => topics.includes(remark.topic));
}

/** The topics that an incident's report asks people about. */
const ASKED = ["impact", "factor", "went-well", "went-badly", "lucky", "action"];

/** What people were asked and have not written yet. */
export function gaps(account: Account): string[] {
  const asked = kindOf(account.standing) === "incident" ? ASKED : ["went-well", "action"];
  return asked.filter((topic) => remarks(account, topic).length === 0);
}

/** The line of the timeline that an entry of the journal stands in. */
export function momentOf(account: Account, seq: number | undefined): ReportMoment | undefined {
  return seq === undefined ? undefined : account.timeline.find((moment) => moment.seq <= seq && seq <= moment.last_seq);
}

/** How many lines the machine wrote, and how many people did. */
export function authors(account: Account): { machine: number; people: number } {
  const people = account.remarks.length;
  return { people, machine: account.timeline.length - people };
}
