// What `moments`, `rehearse` and `brief` answer: the serde types of `gantry-api`.

import type { UndoAction } from "./plan";

/** What is undone of one node, seen from one moment. */
export type UndoneNode = {
  node: string;
  /** In words, in order. */
  actions: string[];
  estimate_ms: number;
  /** Nine of ten are over by then. */
  p90_ms?: number;
  /** When it begins, counted from the decision. */
  start_ms?: number;
  kind?: string;
  /** How it is undone: `restore`, `inverse`, `leave`. */
  undo?: string;
  from?: string;
  to?: string;
  /** The part of it that moves traffic or a flag. */
  traffic_ms?: number;
};



/** A step that a rollback leaves as it is. */
export type LeftStep = { step: string; reason: string };

/** The way back from one moment. */
export type WayBack = {
  waves: UndoneNode[][];
  estimate_ms: number;
  estimate_p90_ms?: number;
  cannot_undo: string[];
  left?: LeftStep[];
  actions?: UndoAction[];
  basis?: string;
};

/** A moment of the planned run: after one of its steps. */
export type Moment = {
  index: number;
  label: string;
  at_ms_p50: number;
  at_ms_p90: number;
  node?: string | null;
  step?: string | null;
  basis?: string;
  /** Whether something has been done by now that cannot be undone. */
  no_return?: boolean;
  /** Whether the run that is under way stands here. */
  now?: boolean;
  rollback: WayBack;
};

/** What came of a rehearsal. Its events and nodes are not shown here. */
export type Rehearsed = {
  seed: number;
  outcome: string;
  waits_for?: string;
  took_ms: number;
  forecast?: { runs: number; p50_ms: number; p80_ms: number; p90_ms: number; outcomes: Record<string, number> };
};

/** A document: text, or pages in Base64. */
export type Written = { media: string; text?: string; base64?: string };
