// What `notices` answers: who is told of what, what it reads like, and what became of each message.

/** One stakeholder's line of the matrix. */
export type AudienceRow = {
  audience: string;
  /** Whose words they are told in: `engineers`, `support`, `customers`. */
  words: string;
  channel: string;
  product: string;
  to?: string;
  /** Every occasion, and whether they are told of it. */
  events: Record<string, boolean>;
};

/** One message that a stakeholder would get. */
export type Preview = {
  event: string;
  audience: string;
  words: string;
  channel: string;
  title: string;
  body: string;
  /** Why the stakeholder's own wording is not used, where it is not. */
  problem?: string;
};

/** One message, and what became of it. */
export type Sent = {
  id: number;
  at: string;
  run?: string;
  event: string;
  audience: string;
  words: string;
  channel: string;
  title: string;
  body: string;
  /** `waiting`, `delivered`, `failed` or `digested`. */
  outcome: string;
  attempts: number;
  settled?: string;
  due?: string;
  said?: string;
  acknowledged?: { by: string; at: string };
};

export type Notices = { matrix: AudienceRow[]; previews: Preview[]; ledger: Sent[] };
