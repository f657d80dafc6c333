// What the live graph shows of each node: its state, its share of traffic, how long it still takes.

import type { Layout, PlanAnswer } from "../api/answers/plan";
import type { NodeStanding, Standing } from "../api/answers/run";
import type { Edge, FarTone, Flat, Placed, Tone } from "../graph/board.svelte";
import { stepped } from "../graph/lines";
import { doing, liveStep, type Span } from "./progress";
import type { Traffic } from "./traffic";

export type RunFacts = Flat & {
  readonly kind: string;
  readonly state: string;
  readonly word: string;
  readonly from?: string;
  readonly to?: string;
  readonly commanded?: number;
  readonly measured?: number;
  readonly began?: string;
  readonly until?: string;
  readonly ended?: string;
  readonly estimate_ms: number;
};

type Given = {
  plan: PlanAnswer;
  standing: Standing;
  traffic: readonly Traffic[];
  spans: ReadonlyMap<string, Span>;
};

/** The launch room has less room than the editor: the gaps of the layout are drawn narrower. */
const ACROSS = 172 / 190;
const DOWN = 82 / 114;

/** Where everything stands; it stays there as long as the run lasts. */
export function placesOf(layout: Layout): { placed: Placed[]; edges: Edge[] } {
  return {
    placed: layout.nodes.map(({ id, wave, x, y, width, height }) => ({ id, wave, box: { x: x * ACROSS, y: y * DOWN, width, height } })),
    edges: layout.edges.map(({ from, to, points, critical }) => ({
      id: `${from}>${to}`,
      from,
      to,
      points: stepped(points.map(([x, y]) => [x * ACROSS, y * DOWN])),
      tone: critical ? "critical" : "ordinary",
    })),
  };
}

/** An edge turns green once what it needs is done; before that and after a rollback it is as planned. */
export function toneOf(needed: NodeStanding | undefined, planned: Tone): Tone {
  return needed?.state === "done" ? "done" : planned;
}

/** What each node shows now. */
export function factsOf({ plan, standing, traffic, spans }: Given): Map<string, RunFacts> {
  const planned = new Map(plan.nodes.map((node) => [node.id, node] as const));
  const shares = new Map(traffic.map((share) => [share.node, share] as const));
  return new Map(
    standing.nodes.map((node) => {
      const its = planned.get(node.id);
      const share = shares.get(node.id);
      const live = liveStep(node, plan);
      // A node that goes back is past its own steps: their times would say nothing.
      const isBack = node.state === "rolling-back" || node.state === "stuck";
      const span = isBack ? undefined : live ? spans.get(live.id) : lastSpan(node, spans);
      const word = doing(node, plan);
      return [
        node.id,
        {
          far: farTone(node.state),
          kind: its?.kind ?? "",
          state: node.state,
          word,
          from: its?.version?.from ?? undefined,
          to: its?.version?.to ?? undefined,
          commanded: share?.commanded,
          measured: share?.measured,
          began: span?.began,
          until: span?.until,
          ended: span?.ended,
          estimate_ms: its?.estimate_ms ?? 0,
        },
      ] as const;
    }),
  );
}

/** The span of a node that is over: from its first step to its last. */
function lastSpan(node: NodeStanding, spans: ReadonlyMap<string, Span>): Span | undefined {
  const own = node.steps.flatMap((step) => spans.get(step.id) ?? []);
  const began = own.map((span) => span.began).filter((at) => at !== undefined).sort()[0];
  const ended = own.map((span) => span.ended).filter((at) => at !== undefined).sort().at(-1);
  return began && ended ? { began, ended } : undefined;
}

function farTone(state: NodeStanding["state"]): FarTone {
  switch (state) {
    case "done":
      return "done";
    case "running":
    case "rolling-back":
      return "running";
    case "waits-for-person":
    case "left-changed":
      return "warn";
    case "failed":
    case "stuck":
      return "bad";
    case "waiting":
    case "not-run":
      return "faint";
    case "rolled-back":
      return "plain";
  }
}
