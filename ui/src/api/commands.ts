import type { Freeze, JournalEvent, ReleaseRow, RunSummary, Verified } from "./answers";
import type { Notices } from "./answers/notify";
import type { Catalogue } from "./answers/catalogue";
import type { Adapter, ConnectionRow, Schema, Tested } from "./answers/connections";
import type { Insights } from "./answers/insights";
import type { DraftAnswer, Layout, PlanAnswer } from "./answers/plan";
import type { Prepared } from "./answers/poll";
import type { Moment, Rehearsed, Written } from "./answers/rollback";
import type { SeriesAnswer, Standing, Taken } from "./answers/run";

import type { CloseRelease, ClosedRelease, CommandName, Driving, NewRelease, OpenRelease, ReadRelease, Reach as ReachOf, Reaches, ReleaseText, Resume, SavedRelease, SaveRelease, Start } from "./generated";

type None = Record<string, never>;

/** Every command that the page calls, with what it takes and answers. */
export interface Commands {
  releases: { takes: None; answers: ReleaseRow[] };
  "open-release": { takes: OpenRelease; answers: ReleaseRow };
  "new-release": { takes: NewRelease; answers: ReleaseRow };
  "close-release": { takes: CloseRelease; answers: ClosedRelease };
  "read-release": { takes: ReadRelease; answers: ReleaseText };
  "save-release": { takes: SaveRelease; answers: SavedRelease };
  draft: { takes: { text: string; name?: string }; answers: DraftAnswer };
  layout: {
    takes: { text?: string; file?: string; release?: string; before?: Layout; box_width?: number; box_height?: number };
    answers: Layout;
  };
  moments: { takes: { release: string } | { text: string }; answers: Moment[] };
  series: { takes: { run: string; node: string }; answers: SeriesAnswer };
  reach: { takes: ReachOf; answers: Reaches };
  start: { takes: Start; answers: Driving };
  resume: { takes: Resume; answers: Driving };
  plan: { takes: { file: string }; answers: PlanAnswer };
  check: { takes: { file: string }; answers: unknown };
  rehearse: {
    takes: { file: string; seed?: number; fail?: string[]; slow?: string[]; runs?: number };
    answers: Rehearsed;
  };
  list: { takes: None; answers: RunSummary[] };
  show: { takes: { release: string }; answers: { summary: RunSummary; status: Standing; plan: PlanAnswer } };
  status: { takes: { release: string }; answers: Standing };
  steer: { takes: { release: string; [order: string]: unknown }; answers: Taken };
  checklist: { takes: { release: string; action?: unknown }; answers: Prepared };
  vote: { takes: { release: string; [request: string]: unknown }; answers: Prepared };
  notices: { takes: { release: string }; answers: Notices };
  acknowledge: { takes: { release: string; notice?: number }; answers: { acknowledged: number } };
  "send-notices": { takes: { release?: string }; answers: unknown };
  people: { takes: { claimed_names?: unknown }; answers: unknown };
  journal: { takes: { release: string }; answers: JournalEvent[] };
  "journal-verify": { takes: { target: string }; answers: Verified };
  brief: { takes: { file: string; format: string; profile?: string }; answers: Written };
  report: { takes: { release: string; format: string; profile?: string }; answers: Written };
  freeze: { takes: { do: string; [request: string]: unknown }; answers: Freeze[] };
  insights: { takes: { days?: number; caught?: string }; answers: Insights };
  catalogue: { takes: None; answers: Catalogue };
  "put-service": { takes: Record<string, unknown>; answers: unknown };
  quarantine: { takes: { service: string; version: string; reason: string }; answers: unknown };
  "connections-list": { takes: None; answers: ConnectionRow[] };
  "put-connection": { takes: { name: string; [setting: string]: unknown }; answers: unknown };
  "remove-connection": { takes: { name: string }; answers: unknown };
  "connections-test": { takes: { file: string } | { connection: string }; answers: Tested[] };
  adapters: { takes: None; answers: Adapter[] };
  schema: { takes: None; answers: Schema };
  doctor: { takes: { file?: string }; answers: { what: string; state: string; answer: string }[] };
}

type Known<Name extends CommandName> = Name;

/** The names of the commands above; one that the core does not have does not compile. */
export type Called = Known<keyof Commands>;
