export type VoteKind = "go" | "no-go" | "condition" | "absent" | "delegate" | "recycle" | "override";

/** How a condition is looked at. */
export type Looked = "person" | "http" | "metric";

/** What a person has written into the sheet of a vote. */
export type Spoken = { comment: string; text: string; looked: Looked; url: string; metric: string; below: string };

/** A sheet in which nothing is written yet. */
export function blank(): Spoken {
  return { comment: "", text: "", looked: "person", url: "", metric: "", below: "" };
}

/** The arguments of `vote` that say it. */
export function request(kind: VoteKind, stage: string, role: string, spoken: Spoken): Record<string, unknown> {
  const reason = spoken.comment.trim();
  if (kind === "recycle" || kind === "override") return { do: kind, stage, reason };
  return { do: "vote", stage, role, vote: vote(kind, spoken), comment: reason === "" ? null : reason };
}

function vote(kind: Exclude<VoteKind, "recycle" | "override">, spoken: Spoken): unknown {
  if (kind === "delegate") return { delegated: { to: spoken.text.trim() } };
  if (kind !== "condition") return kind;
  const check = checkOf(spoken);
  return { condition: check ? { item: spoken.text.trim(), check } : { item: spoken.text.trim() } };
}

function checkOf(spoken: Spoken): object | undefined {
  if (spoken.looked === "http") return { http: { url: spoken.url.trim(), status: 200 } };
  if (spoken.looked === "metric") return { metric: spoken.metric.trim(), below: spoken.below.trim() };
  return undefined;
}
