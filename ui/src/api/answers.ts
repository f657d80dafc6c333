// What the core answers: as generated, where it is; the others mirror the serde types of the `gantry-api` crate; the test beside them holds
// them against real answers.

export type { ReleaseRow, ReleaseState } from "./generated";

export type Version = { from?: string | null; to?: string | null };

export type RunSummary = {
  run: string;
  title?: string | null;
  environment: string;
  state: string;
  ended: boolean;
  plan: string;
  steps_done: number;
  steps_total: number;
  started_at: string;
  changed_at: string;
};

/** One event of a record; what else it carries depends on its kind. */
export type JournalEvent = {
  seq: number;
  at: string;
  kind: string;
  by?: string;
  node?: string;
  step?: string;
  message?: string;
  hash?: string;
  [fact: string]: unknown;
};

/** A period in which nothing goes forward, where its scope says. Rollbacks always may. */
export type Freeze = {
  name: string;
  reason: string;
  period: { opens: string; closes: string; timezone: string; repeat?: string };
  scope: { environments?: string[]; services?: string[] };
  may_override?: string[];
  by: string;
  declared_at: string;
  holds: boolean;
  until?: string;
  next?: string;
};

/** A record that was proven whole: compare its head with one that was printed elsewhere. */
export type Verified = { target: string; whole: boolean; entries: number; head: string };
