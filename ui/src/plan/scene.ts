// What the editor draws: the nodes and edges that the text has, where the core's layout puts them,
// with what the plan knows of them. What the core could not plan yet keeps its place or gets one.

import type { DraftAnswer, Layout, PlanAnswer, PlannedNode, Skew } from "../api/answers/plan";
import type { Edge, FarTone, Flat, Placed, Tone } from "../graph/board.svelte";
import { around, type Box } from "../graph/geometry";
import { routed, stepped } from "../graph/lines";
import { type Found, worstOf } from "./findings";
import type { Reading, Written } from "./reading";
import type { Laid } from "./text/view";

/** What a card shows of a node; flat, so that two of them are quickly compared. */
export type CardFacts = Flat & {
  readonly kind: string;
  readonly from?: string;
  readonly to?: string;
  readonly strategy: string;
  /** The shares of its steps, such as `5·25·50·100`. */
  readonly shares: string;
  readonly owner: string;
  readonly estimate_ms?: number;
  readonly atLeast: boolean;
  readonly risk: string;
  readonly score: number;
  readonly slack_ms: number;
  readonly critical: boolean;
  /** A milestone that others wait for, other than `done`. */
  readonly port: string;
  readonly problem: string;
  readonly severity: string;
  readonly word: string;
  readonly planned: boolean;
};

export type Scene = { placed: Placed[]; edges: Edge[]; facts: Map<string, CardFacts> };

const CARD = { width: 142, height: 104 };
const GAP = 40;

export function sceneOf(reading: Reading, answer: DraftAnswer | undefined, laid: Laid, found: readonly Found[]): Scene {
  const placed = places(reading, answer?.layout ?? undefined, laid);
  const boxes = new Map(placed.map(({ id, box }) => [id, box] as const));
  return {
    placed,
    edges: edgesOf(reading, answer, laid, boxes),
    facts: factsOf(reading, answer?.plan ?? undefined, found),
  };
}

function places(reading: Reading, layout: Layout | undefined, laid: Laid): Placed[] {
  const known = new Map((layout?.nodes ?? []).map((node) => [node.id, node] as const));
  const whole = around([...known.values()]);
  let loose = whole ? whole.y + whole.height + GAP : 0;
  return [...reading.nodes.keys()].map((id) => {
    const node = known.get(id);
    const top = laid.tops.get(id);
    if (!node) {
      // The core could not place it yet: it stands below the others until it can.
      const box = { x: whole?.x ?? 16, y: loose, ...CARD };
      loose += CARD.height + GAP;
      return { id, box, wave: -1 };
    }
    const { x, y, width, height, wave } = node;
    return { id, box: { x, y: top ?? y, width, height }, wave };
  });
}

function edgesOf(
  reading: Reading,
  answer: DraftAnswer | undefined,
  laid: Laid,
  boxes: ReadonlyMap<string, Box>,
): Edge[] {
  const drawn = new Map<string, Layout["edges"][number]>(
    (answer?.layout?.edges ?? []).map((edge) => [`${edge.from}>${edge.to}`, edge]),
  );
  const unsafe = unsafePairs(answer?.plan?.skew ?? []);
  const edges: Edge[] = [];
  for (const node of reading.nodes.values()) {
    for (const need of node.needs) {
      const id = `${need.node}>${node.id}`;
      const [from, to] = [boxes.get(need.node), boxes.get(node.id)];
      if (!from || !to) continue;
      const line = drawn.get(id);
      const isMoved = laid.tops.has(need.node) || laid.tops.has(node.id);
      const points = line && !isMoved ? stepped(line.points) : routed(from, to);
      const tone: Tone = unsafe.has(id) ? "warn" : line?.critical ? "critical" : "ordinary";
      unsafe.delete(id);
      edges.push({ id, from: need.node, to: node.id, points, tone, ...(need.milestone ? { milestone: need.milestone } : {}) });
    }
  }
  return [...edges, ...[...unsafe].flatMap((id) => implied(id, boxes))];
}

/** Two nodes that meet without an edge between them: the line is there for the warning alone. */
function implied(id: string, boxes: ReadonlyMap<string, Box>): Edge[] {
  const [provider = "", consumer = ""] = id.split(">");
  const [from, to] = [boxes.get(provider), boxes.get(consumer)];
  return from && to ? [{ id, from: provider, to: consumer, points: routed(from, to), tone: "warn" }] : [];
}

function unsafePairs(skew: readonly Skew[]): Set<string> {
  return new Set<string>(skew.filter((pair) => !pair.ok).map((pair) => `${pair.provider}>${pair.consumer}`));
}

function factsOf(reading: Reading, plan: PlanAnswer | undefined, found: readonly Found[]): Map<string, CardFacts> {
  const planned = new Map((plan?.nodes ?? []).map((node) => [node.id, node] as const));
  const critical = new Set(plan?.critical_path.nodes ?? []);
  const worst = worstOf(found);
  const ports = portsOf(reading);
  const shares = sharesOf(plan);
  const facts = new Map<string, CardFacts>();
  for (const node of reading.nodes.values()) {
    const problem = worst.get(node.id);
    facts.set(node.id, cardOf(node, planned.get(node.id), {
      critical: critical.has(node.id), port: ports.get(node.id) ?? "", shares: shares.get(node.id) ?? "",
      problem: problem && problem.severity !== "note" ? problem.message : "",
      severity: problem?.severity ?? "",
    })); // prettier-ignore
  }
  return facts;
}

type Beside = Pick<CardFacts, "critical" | "port" | "shares" | "problem" | "severity">;

function cardOf(node: Written, planned: PlannedNode | undefined, beside: Beside): CardFacts {
  const version = planned?.version;
  return {
    ...beside,
    far: farTone(beside),
    kind: node.kind,
    from: version?.from ?? undefined,
    to: version?.to ?? undefined,
    strategy: planned?.strategy ?? "",
    owner: node.owner ?? "",
    estimate_ms: planned?.estimate_ms,
    atLeast: planned?.at_least ?? false,
    risk: planned?.assessment.risk ?? "",
    score: planned?.assessment.score ?? 0,
    slack_ms: planned?.slack_ms ?? 0,
    word: beside.severity === "error" || beside.severity === "warning" ? beside.severity : (planned?.strategy ?? ""),
    planned: planned !== undefined,
  };
}

function farTone({ severity, critical }: Beside): FarTone {
  if (severity === "error") return "bad";
  if (severity === "warning") return "warn";
  return critical ? "critical" : "plain";
}

/** For each node, the milestone that others wait for. */
function portsOf(reading: Reading): Map<string, string> {
  const ports = new Map<string, string>();
  for (const node of reading.nodes.values()) {
    for (const { node: needed, milestone } of node.needs) {
      if (milestone !== undefined && milestone !== "done") ports.set(needed, milestone);
    }
  }
  return ports;
}

/** For each node, its growing shares of traffic in percent. */
export function sharesOf(plan: PlanAnswer | undefined): Map<string, string> {
  const shares = new Map<string, Set<number>>();
  for (const step of plan?.steps ?? []) {
    if (step.weight_bp === undefined || step.action === "bake") continue;
    const list = shares.get(step.node) ?? new Set();
    shares.set(step.node, list.add(step.weight_bp / 100));
  }
  return new Map([...shares].map(([id, list]) => [id, [...list].join("·")]));
}
