// Written by `cargo xtask bindings` from the list of commands; do not edit.

export type ErrorCode = "bad-call" | "file-unreadable" | "file-invalid" | "plan-unsafe" | "not-confirmed" | "no-such-run" | "no-such-part" | "unfinished" | "claimed" | "not-ready" | "driven" | "refused" | "unreachable" | "journal-broken" | "bundle-broken" | "workspace" | "internal";

export type Topic = "runs" | "run" | "readiness" | "releases" | "catalogue" | "connections" | "freezes" | "notices";

export type Change = { 
/**
 * What it is about.
 */
topic: Topic, 
/**
 * Which one, where it is one of several.
 */
id?: string, };

export type ReleaseState = "draft" | "broken" | "missing" | "running" | "waiting" | "interrupted" | "ended";

export type Target = { 
/**
 * The service.
 */
service: string, 
/**
 * What runs today, where the file says it.
 */
from?: string, 
/**
 * What shall run.
 */
to: string, };

export type WindowRow = { 
/**
 * When it opens.
 */
from: string | null, 
/**
 * When it closes.
 */
to: string | null, 
/**
 * The zone that its people think in.
 */
timezone: string, };

export type ReleaseRow = { 
/**
 * The release's id.
 */
release: string, 
/**
 * Its file on this machine; absent where only its runs are known.
 */
file?: string, 
/**
 * What people call it: its title, or else its id.
 */
name: string, 
/**
 * Where it goes.
 */
environment?: string, 
/**
 * Who answers for it.
 */
owner?: string, 
/**
 * How many changes it has.
 */
nodes?: number, 
/**
 * What it brings where.
 */
targets: Array<Target>, 
/**
 * When forward steps may run.
 */
window?: WindowRow, 
/**
 * How many problems its file has.
 */
problems: number, 
/**
 * How it stands.
 */
state: ReleaseState, 
/**
 * Its latest run.
 */
run?: string, 
/**
 * The run's state in one word.
 */
phase?: string, 
/**
 * What the run came to; absent while it goes on.
 */
outcome?: string, 
/**
 * What is to be done, where only a person can move the run.
 */
waits_for?: string, 
/**
 * How many steps of the run are done.
 */
steps_done?: number, 
/**
 * How many steps the run has.
 */
steps_total?: number, 
/**
 * When the run was started.
 */
started?: string, 
/**
 * When anything of it changed last.
 */
updated: string, };

export type OpenRelease = { 
/**
 * The file.
 */
file: string, };

export type CloseRelease = { 
/**
 * The release.
 */
release: string, };

export type ClosedRelease = { 
/**
 * Whether it was on it.
 */
closed: boolean, };

export type Origin = "sample" | "empty" | "compose";

export type NewRelease = { 
/**
 * What it is made from.
 */
from: Origin, 
/**
 * Its id; one that is free where nothing is said.
 */
id?: string, 
/**
 * The Compose files that it is made from, as a person chose them.
 */
files?: Array<string>, };

export type ReadRelease = { 
/**
 * The release.
 */
release: string, };

export type ReleaseText = { 
/**
 * The text.
 */
text: string, 
/**
 * The file.
 */
file: string, 
/**
 * The hash of its bytes.
 */
hash: string, };

export type SaveRelease = { 
/**
 * The release.
 */
release: string, 
/**
 * The whole new text.
 */
text: string, 
/**
 * The hash of the text that it was made from.
 */
hash: string, };

export type SavedRelease = { 
/**
 * The release as the new text calls it.
 */
release: string, 
/**
 * The hash of the new text.
 */
hash: string, };

export type Reach = { 
/**
 * The release.
 */
release: string, };

export type Reaches = { 
/**
 * Programs, hosts, files and secrets by name, sorted.
 */
reach: Array<string>, 
/**
 * The hash that `start` takes as the word of who has seen them.
 */
hash: string, 
/**
 * Whether a person confirmed the same before.
 */
confirmed: boolean, };

export type Start = { 
/**
 * The release.
 */
release: string, 
/**
 * The hash of what it may reach, from who has seen it.
 */
confirmed_reach: string, };

export type Driving = { 
/**
 * The run.
 */
run: string, };

export type Resume = { 
/**
 * The release id (its latest run), or `id#2`.
 */
release: string, };

export type DraftProblem = { 
/**
 * The line, from 1.
 */
line: number, 
/**
 * The column, from 1, in characters.
 */
column: number, 
/**
 * The line where it ends.
 */
end_line: number, 
/**
 * The column behind its last character.
 */
end_column: number, 
/**
 * A stable code in kebab-case.
 */
code: string, 
/**
 * `error` or `warning`.
 */
severity: "error" | "warning", 
/**
 * Where in the document, as a JSON pointer; empty for the whole.
 */
pointer: string, 
/**
 * What is wrong.
 */
message: string, 
/**
 * What was expected or what to do; may be empty.
 */
hint: string, };

export type Draft = { 
/**
 * The release file's text as it is being written.
 */
text: string, 
/**
 * The release that it is the next text of: names in it start from that file's folder.
 */
name?: string, 
/**
 * A picture that was drawn before: its nodes stay where they are, moved ones where they were moved to.
 */
before: unknown, 
/**
 * How wide a box is, where it is not the editor's.
 */
box_width?: number, 
/**
 * How high a box is, where it is not the editor's.
 */
box_height?: number, };

export type Drafted = { 
/**
 * Everything that is wrong or worth knowing, in the order of the text.
 */
problems: Array<DraftProblem>, 
/**
 * The plan, as `plan` gives it; absent while the text means nothing that can be planned.
 */
plan: unknown, 
/**
 * Where nodes and edges are drawn; there as soon as the text can be read, plan or not.
 */
layout: unknown, };

/** Every command with what it takes and answers. */
export interface CommandMap {
  /** Lists the releases that the workspace knows by file or by run, and how each stands. */
  "releases": { takes: Record<string, never>; answers: Array<ReleaseRow> };
  /** Opens a release file: the workspace knows it from then on. */
  "open-release": { takes: OpenRelease; answers: ReleaseRow };
  /** Takes a release off the list of known files; the file and its runs stay as they are. */
  "close-release": { takes: CloseRelease; answers: ClosedRelease };
  /** Makes a release file from the sample, from nothing or from Compose files, and opens it. */
  "new-release": { takes: NewRelease; answers: ReleaseRow };
  /** Reads the text of a known release file, with its hash. */
  "read-release": { takes: ReadRelease; answers: ReleaseText };
  /** Saves the text of a known release file, unless the file changed on disk meanwhile. */
  "save-release": { takes: SaveRelease; answers: SavedRelease };
  /** Tells what a release may reach, with the hash by which a person confirms it. */
  "reach": { takes: Reach; answers: Reaches };
  /** Starts a release whose reach a person confirmed, and drives it in this process. */
  "start": { takes: Start; answers: Driving };
  /** Takes up a held or interrupted run and drives it in this process. */
  "resume": { takes: Resume; answers: Driving };
  /** Tells all problems of a release file, with places. */
  "check": { takes: Record<string, unknown>; answers: unknown };
  /** Tells what an unsaved text means: its problems with places, its plan, its drawing. */
  "draft": { takes: Draft; answers: Drafted };
  /** Says where the nodes and edges of a release stand in a picture: waves are columns. */
  "layout": { takes: Record<string, unknown>; answers: unknown };
  /** Says for each moment of a planned run what would be undone, in which order and how long it takes. */
  "moments": { takes: Record<string, unknown>; answers: unknown };
  /** Gives what was measured of a node, both versions in step, and what the judge says of it. */
  "series": { takes: Record<string, unknown>; answers: unknown };
  /** Plans a release file: order, steps, rollback plan, findings. */
  "plan": { takes: Record<string, unknown>; answers: unknown };
  /** Runs a release in virtual time on a simulated platform; changes nothing anywhere. */
  "rehearse": { takes: Record<string, unknown>; answers: unknown };
  /** Lists the rehearsals of a release that were kept, the latest first. */
  "rehearsals": { takes: Record<string, unknown>; answers: unknown };
  /** Lists all runs, the latest change first. */
  "list": { takes: Record<string, unknown>; answers: unknown };
  /** Shows one run: its plan, and how far it has come. */
  "show": { takes: Record<string, unknown>; answers: unknown };
  /** Says why each node of a run waits or stopped, and what going back now would mean. */
  "status": { takes: Record<string, unknown>; answers: unknown };
  /** Gives a command to a run: hold, resume, abort, rollback, retry, skip, approve, done, resolve. */
  "steer": { takes: Record<string, unknown>; answers: unknown };
  /** Shows what people are asked for before and around a release, and takes their answers. */
  "checklist": { takes: Record<string, unknown>; answers: unknown };
  /** Votes go, no-go or go with a condition for a position of a release's poll. */
  "vote": { takes: Record<string, unknown>; answers: unknown };
  /** Lists, declares and ends periods in which nothing goes forward; rollbacks always may. */
  "freeze": { takes: Record<string, unknown>; answers: unknown };
  /** Lists people and their public keys; settles whether names may be claimed. */
  "people": { takes: Record<string, unknown>; answers: unknown };
  /** Shows who is told what of a release, what it reads like, and what became of each message. */
  "notices": { takes: Record<string, unknown>; answers: unknown };
  /** Notes in the ledger that the caller read messages of a release. */
  "acknowledge": { takes: Record<string, unknown>; answers: unknown };
  /** Delivers messages that wait, and those that time has made due; for a timer, as cron is. */
  "send-notices": { takes: Record<string, unknown>; answers: unknown };
  /** Reads the record of a run, or of what people did around it, whole or behind an entry. */
  "journal": { takes: Record<string, unknown>; answers: unknown };
  /** Proves that a record is whole, from the workspace, from a file, or from a bundle. */
  "journal-verify": { takes: Record<string, unknown>; answers: unknown };
  /** Writes the brief before a release: the way back first, then go or no-go and the steps. */
  "brief": { takes: Record<string, unknown>; answers: unknown };
  /** Writes the report of a run: of an incident where it went back, of a completion otherwise. */
  "report": { takes: Record<string, unknown>; answers: unknown };
  /** Packs the record of a run with all that proves it into one file, signed by who asks, that anybody can verify offline. */
  "bundle": { takes: Record<string, unknown>; answers: unknown };
  /** Computes the five delivery metrics per service and environment, with counts and intervals. */
  "insights": { takes: Record<string, unknown>; answers: unknown };
  /** Writes the graph of a release file, or its calendar, in another tool's format. */
  "export": { takes: Record<string, unknown>; answers: unknown };
  /** Makes a first release file from Compose files. */
  "import-compose": { takes: Record<string, unknown>; answers: unknown };
  /** Lists services with owner, dependencies, what runs where, history and quarantine. */
  "catalogue": { takes: Record<string, unknown>; answers: unknown };
  /** Keeps who answers for a service, its tier and what it calls. */
  "put-service": { takes: Record<string, unknown>; answers: unknown };
  /** Puts a version into quarantine, takes it out, or lets one release through, with a reason. */
  "quarantine": { takes: Record<string, unknown>; answers: unknown };
  /** Lists the connections of the workspace; secrets by name alone. */
  "connections-list": { takes: Record<string, unknown>; answers: unknown };
  /** Keeps a connection in the workspace; a secret's value is refused, only references are taken. */
  "put-connection": { takes: Record<string, unknown>; answers: unknown };
  /** Forgets a connection of the workspace; no release file changes. */
  "remove-connection": { takes: Record<string, unknown>; answers: unknown };
  /** Reaches out to each connection of a release file, or to one of the workspace; changes nothing. */
  "connections-test": { takes: Record<string, unknown>; answers: unknown };
  /** Looks whether this machine, and the connections and metrics of a file, have what Gantry needs. */
  "doctor": { takes: Record<string, unknown>; answers: unknown };
  /** Judges recorded series of two versions, bucket by bucket. */
  "judge": { takes: Record<string, unknown>; answers: unknown };
  /** Learns from windows without harm how careful the judge has to be. */
  "calibrate": { takes: Record<string, unknown>; answers: unknown };
  /** Gives the JSON Schema of the release file. */
  "schema": { takes: Record<string, unknown>; answers: unknown };
  /** Lists the products that Gantry drives and what it can do there. */
  "adapters": { takes: Record<string, unknown>; answers: unknown };
}

export type CommandName = keyof CommandMap;

/** What a caller must be allowed to do. */
export const ACCESS: Record<CommandName, "read" | "operate"> = {
  "releases": "read",
  "open-release": "operate",
  "close-release": "operate",
  "new-release": "operate",
  "read-release": "read",
  "save-release": "operate",
  "reach": "read",
  "start": "operate",
  "resume": "operate",
  "check": "read",
  "draft": "read",
  "layout": "read",
  "moments": "read",
  "series": "read",
  "plan": "read",
  "rehearse": "read",
  "rehearsals": "read",
  "list": "read",
  "show": "read",
  "status": "read",
  "steer": "operate",
  "checklist": "operate",
  "vote": "operate",
  "freeze": "operate",
  "people": "operate",
  "notices": "read",
  "acknowledge": "operate",
  "send-notices": "operate",
  "journal": "read",
  "journal-verify": "read",
  "brief": "read",
  "report": "read",
  "bundle": "operate",
  "insights": "read",
  "export": "read",
  "import-compose": "read",
  "catalogue": "read",
  "put-service": "operate",
  "quarantine": "operate",
  "connections-list": "read",
  "put-connection": "operate",
  "remove-connection": "operate",
  "connections-test": "read",
  "doctor": "read",
  "judge": "read",
  "calibrate": "read",
  "schema": "read",
  "adapters": "read",
};
