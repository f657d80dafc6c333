// What `checklist` and `vote` answer: the serde types of `gantry-readiness` and `gantry-api`.

export type Evidence = { link: string } | { file: { name: string; sha256: string } };

export type ItemResult = "pass" | "fail" | "not-tested" | "waived";

export type Waiver = { owner: string; reason: string; risk: string; expires: string; approver?: string };

export type ChecklistItem = {
  id: string;
  item: string;
  owner: string | null;
  required: boolean;
  automatic: boolean;
  result: ItemResult;
  why: string;
  by?: string;
  at?: string;
  comment?: string;
  evidence?: Evidence;
  assignee?: string;
  link?: string;
  waiver?: Waiver;
};

export type ChecklistPart = { name: string; before: string | null; items: ChecklistItem[] };

export type Word = "go" | "no-go" | "condition-met" | "condition-open" | "absent" | "delegated" | "silent";

export type Position = {
  role: string;
  advisory: boolean;
  voters: string[];
  word: Word;
  by?: string;
  at?: string;
  sentence: string;
  /** What was voted before the plan changed, and which change voided it. */
  void?: { word: string; at: string; because: string[] };
  /** What changed since its voter last looked. */
  changes_since?: string[];
};

export type Decision = "go" | "no-go" | "open" | "held";

export type Poll = {
  stage: string;
  decision: Decision;
  positions: Position[];
  deadline?: string;
  reasons: string[];
  opened_at?: string;
  held_since?: string;
};

export type Gate = { stage: string; reasons: string[]; overridden?: string[] };

export type Prepared = {
  release: string;
  environment: string;
  plan: string;
  link?: string;
  presented_by: string;
  presented_at: string;
  lists: ChecklistPart[];
  polls: Poll[];
  gates: Gate[];
  changes?: string[];
  caution?: string;
  /** Whose key the answers of this page are signed with. */
  you?: string;
};
