// What `draft`, `layout` and `plan` answer: the serde types of `gantry-api`, `gantry-planner` and `gantry-layout`.

import type { Version } from "../answers";

export type Severity = "error" | "warning" | "note";

/** A problem of a text, with its place. */
export type Problem = {
  line: number;
  column: number;
  end_line?: number;
  end_column?: number;
  code: string;
  severity: Severity;
  /** Where in the document, such as `/nodes/web/needs/0`; empty for the whole. */
  pointer?: string;
  message: string;
  hint?: string;
};

export type PlannedNode = {
  id: string;
  kind: string;
  service: string;
  strategy: string;
  version?: Version;
  wave: number;
  needs: string[];
  owner?: string | null;
  estimate_ms: number;
  at_least?: boolean;
  slack_ms: number;
  reversibility: { class: string; step?: string };
  assessment: {
    risk: string;
    score: number;
    recommended: string;
    reasons: string[];
    what: string;
    dependencies: string;
    rollback_complexity: string;
    alternatives?: string[];
  };
};

export type PlannedStep = {
  id: string;
  node: string;
  action: string;
  weight_bp?: number;
  needs: string[];
  undo: string;
  estimate_ms: number | null;
  reaches?: string[];
};

export type UndoAction = {
  id: string;
  node: string;
  action: string;
  needs: string[];
  covers: string[];
  estimate_ms: number;
};

export type Skew = { consumer: string; provider: string; pair: [string, string]; when: string; ok: boolean };

export type PlanFinding = {
  severity: Severity;
  code: string;
  node: string | null;
  pointer?: string;
  message: string;
  hint: string;
};

export type Forecast =
  | { state: "not-enough-history"; runs: number; needs: number }
  | {
      state: "expected";
      runs: number;
      from: string;
      p50_ms: number;
      p80_ms: number;
      p90_ms: number;
      draws: number;
      window?: { closes: string; chance: number };
    };

export type PlanAnswer = {
  release: string;
  plan: string;
  title?: string;
  environment: string;
  waves: string[][];
  order: string[];
  critical_path: { nodes: string[]; estimate_ms: number; at_least?: boolean };
  nodes: PlannedNode[];
  steps: PlannedStep[];
  rollback: {
    waves: string[][];
    estimate_ms: number;
    cannot_undo: string[];
    actions: UndoAction[];
    left: { step: string; reason: string }[];
  };
  point_of_no_return: { step: string; approval: string } | null;
  skew: Skew[];
  findings: PlanFinding[];
  forecast?: Forecast;
};

/** Where things are drawn: pixels from the top left. */
export type Layout = {
  width: number;
  height: number;
  nodes: { id: string; x: number; y: number; width: number; height: number; wave: number }[];
  edges: { from: string; to: string; points: [number, number][]; critical: boolean }[];
};

export type DraftAnswer = { problems: Problem[]; plan: PlanAnswer | null; layout: Layout | null };
