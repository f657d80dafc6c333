import type { AudienceRow, Notices, Preview, Sent } from "../api/answers/notify";

/** The occasions in the order in which they come; what is not among them stands behind. */
const ORDER = ["scheduled", "poll", "started", "progress", "waiting", "held", "resumed", "rolling-back", "rolled-back", "failed", "finished"];

/** The columns of the matrix. */
export function occasions(matrix: AudienceRow[]): string[] {
  const known = new Set(matrix.flatMap((row) => Object.keys(row.events)));
  const others = [...known].filter((word) => !ORDER.includes(word)).sort();
  return [...ORDER.filter((word) => known.has(word)), ...others];
}

/** How many messages came to which end. */
export function outcomes(ledger: Sent[]): { delivered: number; failed: number; waiting: number } {
  const of = (...words: string[]) => ledger.filter((line) => words.includes(line.outcome)).length;
  return { delivered: of("delivered", "digested"), failed: of("failed"), waiting: of("waiting") };
}

/** What one stakeholder would read. */
export function previewsOf(previews: Preview[], row: AudienceRow | undefined): Preview[] {
  return row ? previews.filter((preview) => preview.audience === row.audience && preview.channel === row.channel) : [];
}

/** Whether some message was delivered and acknowledged by nobody. */
export function isUnread(notices: Notices): boolean {
  return notices.ledger.some((line) => line.outcome === "delivered" && !line.acknowledged);
}

/** What tells two lines of the matrix apart: one stakeholder may hear on several channels. */
export function keyOf(row: AudienceRow): string {
  return `${row.audience} ${row.channel} ${row.to ?? ""}`;
}
