// What the core answers. These mirror the serde types of the `gantry-api` crate; the test beside them holds
// them against real answers.

/** A release that this workspace knows: an opened file, a run, or both. */
export type ReleaseRow = {
  release: string;
  /** Its file on this machine; absent when only its runs are known. */
  file?: string | null;
  /** The people's name of it. */
  name?: string | null;
  title?: string | null;
  environment?: string | null;
  /** What it waits for, runs through or became: `draft`, `planned`, `running`, `held`, `rolled-back` … */
  state: string;
  nodes?: number | null;
  /** The window in which it may start. */
  window?: { from: string; to: string } | null;
  run?: string | null;
  phase?: string | null;
  outcome?: string | null;
  updated?: string | null;
};

export type Version = { from?: string | null; to?: string | null };

export type Finding = {
  severity: string;
  code?: string;
  node?: string | null;
  message: string;
  hint?: string | null;
};

export type RollbackAction = { node: string; step: string; action: string; estimate_ms?: number };

export type PlanNode = {
  id: string;
  kind: string;
  service?: string;
  strategy?: string | null;
  version?: Version | null;
  wave: number;
  needs: string[];
  owner?: string | null;
  estimate_ms?: number | null;
  slack_ms?: number | null;
  reversibility?: { class: string; step?: string };
  assessment?: {
    risk: string;
    score: number;
    recommended?: string;
    reasons: string[];
    what: string;
    dependencies: string;
    rollback_complexity: string;
    alternatives?: string[];
  };
};

export type Plan = {
  release: string;
  plan: string;
  title?: string | null;
  environment?: string | null;
  waves: string[][];
  order: string[];
  critical_path: { nodes: string[]; estimate_ms: number; at_least?: boolean };
  nodes: PlanNode[];
  findings: Finding[];
  rollback: { estimate_ms: number; waves: string[][]; cannot_undo?: string[] };
  point_of_no_return?: { node?: string; step: string } | null;
};

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

export type RunStep = { id: string; state: string; round: number };
export type RunNode = { id: string; state: string; why: string; steps: RunStep[] };

export type RunStatus = {
  run: string;
  plan: string;
  state: string;
  outcome?: string | null;
  by: string;
  started_at: string;
  changed_at: string;
  holds: unknown[];
  nodes: RunNode[];
  steps_done: number;
  steps_total: number;
  rollback_now: { actions: number; nodes: number; estimate_ms: number; left: string[] };
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

export type Freeze = {
  name: string;
  reason?: string;
  from: string;
  to: string;
  environments?: string[];
  services?: string[];
  [fact: string]: unknown;
};
