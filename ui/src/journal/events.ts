import type { JournalEvent } from "../api/answers";
import { lookOf, type Look } from "../kit/states";
import { shortHash, timeWithSeconds } from "../shared/format";
import { t } from "../texts/en";
import { stateOfEvent } from "./kinds";

export type Filter = "all" | "people" | "steps" | "judge" | "trouble";

/** The filters in the order of their buttons. */
export const FILTERS: Filter[] = ["all", "people", "steps", "judge", "trouble"];

const TROUBLE = /fail|held|hold|stuck|refused|trip|no-go|unknown|lost|rolling|rolled|rollback/;
const JUDGE = /judge|measured|trigger|evidence-carried/;

/** Whether an event belongs under a filter. */
export function belongs(event: JournalEvent, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "people":
      return typeof event.by === "string" && event.by !== "gantry";
    case "steps":
      return event.step !== undefined;
    case "judge":
      return JUDGE.test(event.kind);
    case "trouble":
      return TROUBLE.test(event.kind) || TROUBLE.test(String(event["outcome"] ?? ""));
  }
}

/** What an event says in a sentence: its message, else what was seen, else the facts that it carries. */
export function sentenceOf(event: JournalEvent): string {
  if (typeof event.message === "string" && event.message !== "") return event.message;
  const readings = readingsOf(event);
  if (readings !== "") return readings;
  const evidence = event["evidence"];
  if (typeof evidence === "object" && evidence !== null && "summary" in evidence) return String(evidence.summary);
  for (const fact of ["sentence", "reason", "answer", "text", "note", "outcome", "error"]) {
    const value = event[fact];
    if (typeof value === "string" && value !== "") return value;
  }
  if (event.kind === "started" && typeof event["plan"] === "string") return t.journal.startedOn(shortHash(event["plan"]));
  if (typeof event["until"] === "string") return t.journal.until(timeWithSeconds(event["until"]));
  return "";
}

/** What a bucket read of both versions: "error-rate 3 of 400 beside 1 of 390". */
function readingsOf(event: JournalEvent): string {
  const bucket = event["bucket"];
  if (typeof bucket !== "object" || bucket === null || !("readings" in bucket) || !Array.isArray(bucket.readings)) return "";
  return bucket.readings
    .map((reading: Record<string, unknown>) => `${String(reading["metric"])} ${levelOf(reading["canary"])} ${t.journal.beside} ${levelOf(reading["baseline"])}`)
    .join("; ");
}

function levelOf(level: unknown): string {
  if (typeof level !== "object" || level === null) return t.journal.noData;
  if ("bad" in level && "of" in level) return t.journal.badOf(Number(level.bad), Number(level.of));
  if ("value" in level) return String(Number(Number(level.value).toPrecision(4)));
  return t.journal.noData;
}

/** Whether everything that was typed stands somewhere in the event. */
export function says(event: JournalEvent, query: string): boolean {
  const text = `#${event.seq} ${event.kind} ${event.node ?? ""} ${event.step ?? ""} ${event.by ?? ""} ${sentenceOf(event)}`.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** How an event looks: the state that it brought, in the words of its kind. */
export function lookOfEvent(event: JournalEvent): Look {
  const look = lookOf(stateOfEvent(event));
  return { ...look, word: event.kind.replaceAll("-", " ") };
}
