// What `report` writes as JSON: the account of a run, schema 1 of `gantry-report`.

export type Timing = {
  moment: string;
  at?: string;
  seq?: number;
  after_ms?: number;
  since_first_ms?: number;
  absent?: string;
};

export type Cause = {
  seq: number;
  at: string;
  kind: string;
  node?: string;
  step?: string;
  sentence: string;
  samples: { seq: number; at: string; bad: boolean; value?: number; beside?: number; summary: string }[];
};

export type Decided = {
  seq: number;
  at: string;
  trigger: string;
  by?: string;
  scope: string;
  nodes?: string[];
  sentence: string;
  estimate_ms: number;
};

export type ReportNode = {
  id: string;
  kind: string;
  service: string;
  from?: string;
  to?: string;
  strategy: string;
  owner?: string;
  wave: number;
  state: string;
  at_trigger?: string;
  stopped?: string;
  began_at?: string;
  entries?: [number, number];
};

export type Undone = {
  id: string;
  node: string;
  does: string;
  planned_seq: number;
  estimate_ms: number;
  state: string;
  began_at?: string;
  ended_at?: string;
  took_ms?: number;
  failures: number;
  message?: string;
  ended_seq?: number;
};

export type Exposure = {
  node: string;
  service: string;
  shares: { seq: number; at: string; elapsed_ms: number; weight_bp: number }[];
  highest_bp: number;
  exposed_ms: number;
  counted?: number;
  bad?: number;
};

export type MeasuredMetric = {
  metric: string;
  estimate?: number;
  low?: number;
  high?: number;
  new: string;
  old: string;
  missing: number;
  series: { seq: number; until: string; new?: number; old?: number }[];
  limit?: number;
};

export type Verdict = {
  seq: number;
  at: string;
  node: string;
  step: string;
  standing: string;
  because: string;
  buckets: number;
  alarm_bucket?: number;
  sentence: string;
  metrics: MeasuredMetric[];
};

export type Approval = { seq: number; at: string; gate: string; step?: string; by: string; note?: string };

export type Remark = {
  seq: number;
  at: string;
  by: string;
  topic: string;
  text: string;
  tags?: string[];
  owner?: string;
  due?: string;
};

export type ReportMoment = {
  seq: number;
  last_seq: number;
  entries: number;
  at: string;
  elapsed_ms: number;
  kind: string;
  node?: string;
  step?: string;
  by?: string;
  text: string;
  clock_went_back?: boolean;
};

export type Account = {
  schema: number;
  run: string;
  release: string;
  title?: string;
  environment: string;
  zone: string;
  owner?: string;
  started_by?: string;
  started_at?: string;
  ended_at?: string;
  ended_seq?: number;
  took_ms: number;
  standing: string;
  sentence?: string;
  /** The five lines for somebody who reads nothing else. */
  summary?: { text: string; sources: number[] }[];
  plan: string;
  gantry?: string;
  trigger?: Cause;
  decision?: Decided;
  timings: Timing[];
  nodes: ReportNode[];
  undo: Undone[];
  left: { seq: number; node: string; step: string; why: string; by_design: boolean }[];
  exposure: Exposure[];
  verdicts: Verdict[];
  approvals: Approval[];
  remarks: Remark[];
  timeline: ReportMoment[];
  contradiction?: string;
  integrity: { entries: number; head: string; whole: boolean; broken?: string };
};
