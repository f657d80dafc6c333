// What `status`, `journal` and `series` answer: the serde types of `gantry-engine` and `gantry-api`.

import type { JournalEvent } from "../answers";
import type { Forecast } from "./plan";

export type NodeState =
  | "waiting"
  | "running"
  | "waits-for-person"
  | "done"
  | "failed"
  | "rolling-back"
  | "stuck"
  | "rolled-back"
  | "left-changed"
  | "not-run";

/** What was read of one version: bad of all, a number, or nothing and why. */
export type Level = { bad: number; of: number } | { value: number } | { nothing: string };

export type Judged = {
  node: string;
  step: string;
  standing: "open" | "pass" | "fail" | "hold";
  because: string;
  score: number;
  log_evidence: number;
  buckets: number;
  bucket_ms: number;
  metrics: {
    metric: string;
    weight: number;
    log_evidence: number;
    estimate?: number;
    low?: number;
    high?: number;
    canary: Level;
    baseline: Level;
    missing: number;
  }[];
  sentence: string;
};

export type StepStanding = { id: string; state: string; round: number };

export type NodeStanding = {
  id: string;
  state: NodeState;
  why: string;
  steps: StepStanding[];
  verdict?: Judged;
};

export type Hold = { node: string | null; reason: string; by: string | null; message: string };

export type Standing = {
  run: string;
  plan: string;
  /** `preflight`, `running`, `held`, `rolling-back` or an outcome. */
  state: string;
  outcome: string | null;
  by: string;
  started_at: string;
  changed_at: string;
  holds: Hold[];
  nodes: NodeStanding[];
  steps_done: number;
  steps_total: number;
  rollback_now: { actions: number; nodes: number; estimate_ms: number; estimate_p90_ms?: number; left: string[] };
  changed: string[];
  forecast?: Forecast;
};

/** An event whose facts beside the common ones are read where they are needed. */
export type Entry = JournalEvent;

export type SeriesAnswer = {
  metrics: {
    name: string;
    unit?: string | null;
    bucket_seconds: number;
    points: { at: string; old: number | null; new: number | null }[];
    interval: [number, number | null] | null;
    estimate: number | null;
    verdict: string;
    sentence: string;
    limit?: number | null;
  }[];
};

export type Taken = { run: string; command: string; message: string; needs_resume: boolean };
