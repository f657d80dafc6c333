// What the core answers. These mirror the serde types of the `gantry-api` crate; the test beside them holds
// them against real answers.

/** How a release stands; `waiting`: only a person can move its run; `interrupted`: nobody drives it. */
export type ReleaseState = "draft" | "broken" | "missing" | "running" | "waiting" | "interrupted" | "ended";

/** A release that this workspace knows: an opened file, a run, or both. */
export type ReleaseRow = {
  release: string;
  /** Its file on this machine; absent where only its runs are known. */
  file?: string;
  /** What people call it: its title, or else its id. */
  name: string;
  environment?: string;
  owner?: string;
  nodes?: number;
  /** What it brings where. */
  targets: { service: string; from?: string; to: string }[];
  /** When forward steps may run. */
  window?: { from: string | null; to: string | null; timezone: string };
  /** How many problems its file has. */
  problems: number;
  state: ReleaseState;
  run?: string;
  /** The run's state in one word. */
  phase?: string;
  outcome?: string;
  waits_for?: string;
  steps_done?: number;
  steps_total?: number;
  started?: string;
  updated: string;
};

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
