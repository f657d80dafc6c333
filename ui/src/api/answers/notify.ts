// What `notices` answers: who is told what, and what was sent.

/** What one audience hears of each event on one channel. */
export type AudienceRow = { audience: string; channel: string; events: Record<string, boolean | string> };

export type Preview = { event: string; audience: string; title: string; body: string };

export type Sent = {
  at: string;
  event: string;
  audience: string;
  channel: string;
  outcome: string;
  attempts: number;
  acknowledged?: { by: string; at: string } | string | boolean | null;
  id?: string;
  message?: string;
};

export type Notices = { matrix: AudienceRow[]; previews: Preview[]; ledger: Sent[] };
