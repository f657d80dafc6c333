// Events as sentences: what happened, which drawing stands for it, and who would look for it.

import type { Entry } from "../api/answers/run";
import type { IconName } from "../kit/icons";
import { t } from "../texts/en";
import { inside, sentence, text } from "./facts";

export type Kind = "people" | "judge" | "traffic" | "other";
export type Line = { seq: number; at: string; icon: IconName; kind: Kind; says: string; tone: "plain" | "ok" | "warn" | "bad"; aside?: string };

const QUIET = new Set(["bake-sampled", "step-scheduled"]);

/** The newest events first, without those that repeat what is seen elsewhere. */
export function linesOf(journal: readonly Entry[], most: number): Line[] {
  const lines: Line[] = [];
  for (let at = journal.length - 1; at >= 0 && lines.length < most; at--) {
    const entry = journal[at];
    if (entry && !QUIET.has(entry.kind)) lines.push(lineOf(entry));
  }
  return lines;
}

export function lineOf(entry: Entry): Line {
  const look = LOOKS.find(([pattern]) => pattern.test(entry.kind));
  const [, icon = "circle", kind = "other", tone = "plain"] = look ?? [];
  const line: Line = { seq: entry.seq, at: entry.at, icon, kind: kindOf(entry, kind), says: says(entry), tone };
  const round = inside(entry, "round");
  return typeof round === "number" && round > 1 ? { ...line, aside: t.run.events.round(round) } : line;
}

const LOOKS: [RegExp, IconName, Kind, Line["tone"]][] = [
  [/^started$|^driver-started$/, "play", "people", "plain"],
  [/^preflight-failed$/, "octagon-cross", "other", "bad"],
  [/^preflight-passed$/, "arrow-turning", "other", "plain"],
  [/^bake-measured$|^bake-judged$|^evidence-carried$/, "gauge", "judge", "plain"],
  [/^trigger-tripped$/, "triangle", "judge", "bad"],
  [/^trigger-cleared$/, "gauge", "judge", "ok"],
  [/^(approved|note|steered|resolved|step-skipped|abort-requested)$/, "person", "people", "plain"],
  [/^held$/, "circle-bars", "people", "warn"],
  [/^resumed$/, "play", "people", "plain"],
  [/^rollback-started$/, "arrow-back", "people", "warn"],
  [/^undo-stuck$/, "person-octagon", "other", "bad"],
  [/^undo-/, "arrow-back", "other", "plain"],
  [/-failed$/, "octagon-cross", "other", "bad"],
  [/-succeeded$/, "circle-tick", "other", "ok"],
  [/-(started|scheduled|retried)$/, "circle-quarter", "other", "plain"],
  [/^finished$/, "flag", "people", "plain"],
];

/** Whatever moves traffic is traffic, whatever its kind. */
function kindOf(entry: Entry, kind: Kind): Kind {
  return kind === "other" && /\/(shift-|set-|traffic|flag)/.test(entry.step ?? "") ? "traffic" : kind;
}

/** What was read in a bucket: each metric, new beside old. */
function readings(entry: Entry): string {
  const listed = inside(entry, "bucket", "readings");
  if (!Array.isArray(listed)) return "";
  return listed.flatMap((reading: unknown) => readingOf(reading) ?? []).join("; ");
}

function readingOf(reading: unknown): string | undefined {
  if (typeof reading !== "object" || reading === null || !("metric" in reading)) return undefined;
  const fresh = "canary" in reading ? levelOf(reading.canary) : "–";
  const old = "baseline" in reading ? levelOf(reading.baseline) : "–";
  return `${String(reading.metric)} ${fresh} ${t.run.events.beside} ${old}`;
}

function levelOf(level: unknown): string {
  if (typeof level !== "object" || level === null) return "–";
  if ("bad" in level && "of" in level) return `${String(level.bad)}/${String(level.of)}`;
  return "value" in level && typeof level.value === "number" ? level.value.toPrecision(3) : "–";
}

function says(entry: Entry): string {
  const words = t.run.events;
  const said = sentence(entry);
  const step = entry.step ?? entry.node ?? "";
  const by = text(entry, "by") ?? "";
  switch (entry.kind) {
    case "started":
      return words.started(by);
    case "driver-started":
      return words.driverStarted(by);
    case "step-started":
      return words.stepStarted(step);
    case "undo-started":
      return words.undoStarted(step);
    case "note":
      return words.note(by, text(entry, "text") ?? "");
    case "approved":
      return words.approved(by, text(entry, "gate") ?? "");
    case "bake-measured":
      return words.measured(step, readings(entry));
    case "bake-judged":
      return words.judged(step, text(entry, "standing") ?? "", text(entry, "sentence") ?? "");
    case "steered":
      return words.steered(by, text(entry, "command") ?? "", said ?? "");
    case "step-skipped":
      return words.skipped(by, step, text(entry, "reason") ?? "");
    case "rollback-started":
      return words.rollback(said ?? "");
    case "finished":
      return words.finished(text(entry, "outcome") ?? "", said ?? "");
    default:
      // Every other kind is told by its own sentence, and one without by its word.
      return said === undefined ? `${step}: ${entry.kind.replaceAll("-", " ")}` : step === "" ? said : `${step}: ${said}`;
  }
}
