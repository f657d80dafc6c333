// The run that the launch room shows: what the core last said of it, asked for again whenever
// something of it changed, once a frame at most.

import { getContext, setContext } from "svelte";
import { call, feed } from "../api/api";
import type { Layout, PlanAnswer } from "../api/answers/plan";
import type { Moment } from "../api/answers/rollback";
import type { Entry, SeriesAnswer, Standing } from "../api/answers/run";
import { failureOf, type Failure } from "../api/wire";
import { Board, type Edge } from "../graph/board.svelte";
import { coalesced } from "../graph/frames";
import { timesOf } from "../graph/times";
import { GraphView } from "../graph/view.svelte";
import { announce } from "../shared/live.svelte";
import { now } from "../shared/now.svelte";
import { guidedOf } from "./guided";
import { leading, spansOf, zero } from "./progress";
import { factsOf, placesOf, type RunFacts, toneOf } from "./scene";
import { trafficOf } from "./traffic";

/** How high a node is drawn here. */
const HEIGHT = 74;

export class Room {
  readonly run: string;
  readonly board = new Board<RunFacts>();
  readonly view = new GraphView<RunFacts>(this.board);
  plan = $state.raw<PlanAnswer>();
  layout = $state.raw<Layout>();
  standing = $state.raw<Standing>();
  journal = $state.raw<readonly Entry[]>([]);
  series = $state.raw<SeriesAnswer>();
  moments = $state.raw<readonly Moment[]>([]);
  failure = $state.raw<Failure>();
  /** Which sheet is open. */
  sheet = $state<"rollback" | "approve" | "more" | "note" | "again">();
  isWhyShown = $state(true);
  #measured = 0;
  #placed: Layout | undefined;
  #planned: readonly Edge[] = [];

  constructor(run: string) {
    this.run = run;
  }

  readonly spans = $derived.by(() => spansOf(this.journal));
  readonly traffic = $derived.by(() => (this.plan ? trafficOf(this.plan, this.journal) : []));
  readonly leader = $derived.by(() => (this.standing && this.plan ? leading(this.standing, this.plan) : undefined));
  readonly zero = $derived.by(() => (this.standing ? zero(this.standing, this.journal) : ""));
  readonly guided = $derived.by(() => (this.standing ? guidedOf(this.standing, this.journal) : []));
  readonly times = $derived.by(() => (this.plan ? timesOf(this.moments, this.plan) : undefined));
  /** The node that a person looks at; the leading one where nobody chose. */
  readonly shown = $derived.by(() => {
    const chosen = this.view.current;
    return this.standing?.nodes.find((node) => node.id === chosen) ?? this.leader ?? this.standing?.nodes[0];
  });
  readonly isOver = $derived.by(() => this.standing?.outcome !== null && this.standing !== undefined);
  /** Over, with nothing left that a rollback would touch. */
  readonly isBack = $derived.by(() => this.isOver && this.standing?.rollback_now?.actions === 0);
  readonly isHeld = $derived.by(() => this.standing?.holds.some((hold) => hold.node === null) ?? false);
  /** The planned moment that the run has come to: the last one whose step is done. */
  readonly moment = $derived.by(() => {
    const said = this.moments.find((moment) => moment.now);
    if (said) return said;
    const done = new Set(this.standing?.nodes.flatMap((node) => node.steps.filter((step) => step.state === "succeeded").map((step) => step.id)));
    return this.moments.findLast((moment) => moment.step !== null && moment.step !== undefined && done.has(moment.step)) ?? this.moments[0];
  });

  /** Follows the run. Ends with the returned function. */
  open(): () => void {
    void this.#first();
    const again = coalesced(() => this.refresh());
    return feed((change) => {
      const isMine = change.id === undefined || change.id === this.run;
      if (isMine && (change.topic === "run" || change.topic === "runs")) again();
    });
  }

  async #first(): Promise<void> {
    await this.refresh();
    try {
      const { plan } = await call("show", { release: this.run });
      this.plan = plan;
      this.layout = await call("layout", { release: this.run.replace(/#\d+$/, ""), box_height: HEIGHT });
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
    try {
      this.moments = await call("moments", { release: this.run });
    } catch {
      // Without the moments the strip is not drawn and the sheet tells counts; nothing else needs them.
    }
  }

  /** Asks how the run stands; the record only where it has grown since. */
  async refresh(): Promise<void> {
    try {
      const standing = await call("status", { release: this.run });
      const isNew = standing.changed_at !== this.standing?.changed_at || this.journal.length === 0;
      this.standing = standing;
      if (isNew) this.journal = await call("journal", { release: this.run });
      this.failure = undefined;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Asks for what was measured of a node. */
  async measure(node: string): Promise<void> {
    const mine = ++this.#measured;
    try {
      const series = await call("series", { run: this.run, node });
      if (mine === this.#measured) this.series = series;
    } catch {
      if (mine === this.#measured) this.series = undefined;
    }
  }

  /** Gives the run a command; whoever drives it answers with a sentence. */
  async steer(order: { do: string; [fact: string]: unknown }): Promise<boolean> {
    try {
      const taken = await call("steer", { release: this.run, ...order });
      if (taken.needs_resume) await call("resume", { release: this.run });
      announce(taken.message, "assertive");
      await this.refresh();
      return true;
    } catch (thrown) {
      const failure = failureOf(thrown);
      this.failure = failure;
      announce(failure.message, "assertive");
      return false;
    }
  }

  /** Takes up a run that nobody drives any more, in this window's own process. */
  async takeUp(): Promise<void> {
    try {
      await call("resume", { release: this.run });
      await this.refresh();
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Draws how everything stands. Nodes are told one by one, so that only what changed is redrawn. */
  tell(): void {
    const { plan, layout, standing } = this;
    if (!plan || !layout || !standing) return;
    for (const [id, facts] of factsOf({ plan, standing, traffic: this.traffic, spans: this.spans })) this.board.tell(id, facts);
    if (layout !== this.#placed) {
      const { placed, edges } = placesOf(layout);
      this.#placed = layout;
      this.#planned = edges;
      this.board.arrange(placed, edges);
    }
    const states = new Map(standing.nodes.map((node) => [node.id, node] as const));
    for (const edge of this.#planned) {
      const tone = toneOf(states.get(edge.from), edge.tone);
      if (this.board.edge(edge.id)?.tone !== tone) this.board.draw({ ...edge, tone });
    }
  }

  /** The next or the previous node in the plan's order. */
  walk(by: 1 | -1): void {
    const ids = this.plan?.order ?? [];
    const at = ids.indexOf(this.shown?.id ?? "");
    const id = ids[(at + by + ids.length) % Math.max(ids.length, 1)];
    if (id === undefined) return;
    this.view.choose(id);
    this.view.reveal(id);
    const node = this.standing?.nodes.find((one) => one.id === id);
    announce(`${id}: ${node?.why ?? ""}`);
  }

  get now(): number {
    return now();
  }
}

const KEY = Symbol("room");

export function shareRoom(room: Room): void {
  setContext(KEY, room);
}

export function sharedRoom(): Room {
  return getContext<Room>(KEY);
}
