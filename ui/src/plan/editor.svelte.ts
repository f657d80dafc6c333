// The release that is being edited: its text, what the core says of it, and whether it is saved.

import { call, feed } from "../api/api";
import type { DraftAnswer } from "../api/answers/plan";
import { failureOf, type Failure } from "../api/wire";
import { announce } from "../shared/live.svelte";
import { type Change, edit } from "./change";
import { gather } from "./findings";
import { begin, type History, record, redo, redoes, undo, undoes } from "./history";
import { NOTHING, read, type Reading, readingOf } from "./reading";
import { NotEditable } from "./text/source";
import { readView, writeView, type Laid } from "./text/view";

const BEFORE_DRAFT = 120;
const BEFORE_SAVE = 900;
const BEFORE_READ = 300;
/** From so many characters on reading a text takes longer than a keystroke may. */
const LONG = 40_000;

export type Kept = "saved" | "unsaved" | "saving" | "conflict" | "failed";

export class Editor {
  readonly release: string;
  history = $state.raw<History>(begin(""));
  /** What the core says of the text; its plan and layout are of the last text that could be planned. */
  answer = $state.raw<DraftAnswer>();
  /** Whether the plan is of an earlier text, because this one cannot be planned. */
  isBehind = $state(false);
  kept = $state<Kept>("saved");
  failure = $state.raw<Failure>();
  /** Why the last edit was refused. */
  refusal = $state<string>();
  isLoaded = $state(false);
  #hash = "";
  #asked = 0;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** What the text says; of the last text that could be read while this one cannot. */
  reading = $state.raw<Reading>(NOTHING);

  constructor(release: string) {
    this.release = release;
  }

  readonly text = $derived.by(() => this.history.now.text);
  readonly found = $derived.by(() => gather(this.answer));
  readonly laid = $derived.by(() => readView(this.text));
  readonly undoes = $derived.by(() => undoes(this.history));
  readonly redoes = $derived.by(() => redoes(this.history));

  /** Reads the file, and follows it while nothing of ours is unsaved. Ends with the returned function. */
  open(): () => void {
    void this.load();
    return feed((change) => {
      if (change.topic === "releases" && (change.id === undefined || change.id === this.release)) void this.#follow();
    });
  }

  async load(): Promise<void> {
    try {
      const { text, hash } = await call("read-release", { release: this.release });
      this.#hash = hash;
      this.history = begin(text);
      this.kept = "saved";
      this.failure = undefined;
      if (text.length < LONG) this.#read();
      await this.#draft();
      // A long text is drawn as the core planned it, and read once that is on the screen.
      if (text.length >= LONG) {
        if (this.answer?.plan) this.reading = readingOf(this.answer.plan);
        this.#later("read", BEFORE_READ, () => this.#read());
      }
      this.isLoaded = true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Somebody else may have written the file: their text is one more step that can be undone. */
  async #follow(): Promise<void> {
    if (this.kept === "saving") return;
    try {
      const { text, hash } = await call("read-release", { release: this.release });
      if (hash === this.#hash) return;
      if (this.kept !== "saved") {
        this.kept = "conflict";
        return;
      }
      this.#hash = hash;
      this.#take(record(this.history, text, "read again", Date.now()));
      this.kept = "saved";
    } catch {
      // The file is away for a moment; saving will say so if it stays away.
    }
  }

  /** Does a change; tells whether it could be done, and says why where it could not. */
  change(change: Change, label: string): boolean {
    return this.rewrite((text) => edit(text, change), label);
  }

  /** Does several changes as one step. */
  rewrite(by: (text: string) => string, label: string): boolean {
    try {
      this.#take(record(this.history, by(this.text), label, Date.now()));
      this.refusal = undefined;
      return true;
    } catch (thrown) {
      if (!(thrown instanceof NotEditable)) throw thrown;
      this.refusal = thrown.line === undefined ? thrown.message : `line ${thrown.line}: ${thrown.message}`;
      announce(this.refusal, "assertive");
      return false;
    }
  }

  /** Takes a text as it was typed. */
  type(text: string): void {
    this.#take(record(this.history, text, "typing", Date.now()), text.length < LONG ? "now" : "later");
  }

  #read(): void {
    this.reading = read(this.text) ?? this.reading;
  }

  lay(laid: Laid, label: string): void {
    this.rewrite((text) => writeView(text, laid), label);
  }

  undo(): void {
    this.#take(undo(this.history));
  }

  redo(): void {
    this.#take(redo(this.history));
  }

  #take(history: History, reading: "now" | "later" = "now"): void {
    if (history.now.text === this.text) return;
    this.history = history;
    if (reading === "now") this.#read();
    else this.#later("read", BEFORE_READ, () => this.#read());
    this.#later("draft", BEFORE_DRAFT, () => this.#draft());
    if (this.kept === "conflict") return;
    this.kept = "unsaved";
    this.#later("save", BEFORE_SAVE, () => this.save());
  }

  #later(name: string, after: number, run: () => void | Promise<void>): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(() => void run(), after));
  }

  async #draft(): Promise<void> {
    const mine = ++this.#asked;
    const { text } = this;
    try {
      const answer = await call("draft", { text, name: this.release });
      if (mine !== this.#asked) return;
      this.isBehind = answer.plan === null && this.answer?.plan !== undefined;
      const plan = answer.plan ?? this.answer?.plan ?? null;
      const layout = answer.layout ?? this.answer?.layout ?? null;
      this.answer = { problems: answer.problems, plan, layout };
      this.failure = undefined;
    } catch (thrown) {
      if (mine === this.#asked) this.failure = failureOf(thrown);
    }
  }

  /** Asks what another text would mean, without taking it. */
  async wouldBe(text: string): Promise<DraftAnswer | undefined> {
    try {
      return await call("draft", { text, name: this.release });
    } catch {
      return undefined;
    }
  }

  /** Writes the file. */
  async save(): Promise<void> {
    clearTimeout(this.#timers.get("save"));
    if (this.kept === "saving" || this.kept === "saved") return;
    const { text } = this;
    this.kept = "saving";
    try {
      const { hash } = await call("save-release", { release: this.release, text, hash: this.#hash });
      this.#hash = hash;
      this.kept = this.text === text ? "saved" : "unsaved";
      if (this.text !== text) this.#later("save", BEFORE_SAVE, () => this.save());
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.kept = /changed|conflict|stale/.test(failure.code) ? "conflict" : "failed";
      this.refusal = failure.message;
    }
  }

  /** Settles a file that others have changed meanwhile: theirs becomes a step that can be undone. */
  async settle(whose: "mine" | "theirs"): Promise<void> {
    const { text } = this;
    try {
      const theirs = await call("read-release", { release: this.release });
      this.#hash = theirs.hash;
      this.refusal = undefined;
      this.kept = "unsaved";
      if (whose === "theirs") {
        this.#take(record(this.history, theirs.text, "what others wrote", Date.now()));
        this.kept = "saved";
      } else if (text !== theirs.text) await this.save();
    } catch (thrown) {
      this.refusal = failureOf(thrown).message;
    }
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    if (this.kept === "unsaved") void this.save();
  }
}
