// A release of any size, as the core would answer it: columns of ten nodes, each of which needs two
// of the column before.
import type { DraftAnswer, Layout, PlannedNode } from "../../src/api/answers/plan";
import type { Standing } from "../../src/api/answers/run";

const ROWS = 25;
const idOf = (at: number) => `service-${at}`;

function needsOf(at: number): string[] {
  const column = Math.floor(at / ROWS);
  if (column === 0) return [];
  const row = at % ROWS;
  const first = (column - 1) * ROWS;
  return [...new Set([first + row, first + ((row * 7 + column) % ROWS)])].map(idOf);
}

export function textOf(count: number): string {
  const nodes = Array.from({ length: count }, (_, at) => {
    const needs = needsOf(at);
    const listed = needs.length > 0 ? `\n    needs: [${needs.join(", ")}]` : "";
    return `  ${idOf(at)}:\n    kind: task${listed}\n    run: { manual: Do it }\n    owner: team-${at % 40}`;
  });
  return `gantry: 1\nrelease: large\nnodes:\n${nodes.join("\n")}\n`;
}

function nodeOf(at: number): PlannedNode {
  return {
    id: idOf(at), kind: "task", service: idOf(at), strategy: "run", wave: Math.floor(at / ROWS), needs: needsOf(at),
    estimate_ms: 60_000 * (1 + (at % 50)), slack_ms: 60_000 * (at % 9), reversibility: { class: "reversible" },
    assessment: { risk: ["low", "medium", "high"][at % 3] ?? "low", score: at % 100, recommended: "run", reasons: [], what: "", dependencies: "", rollback_complexity: "low" },
  }; // prettier-ignore
}

function layoutOf(count: number): Layout {
  const place = (at: number) => ({ x: 16 + Math.floor(at / ROWS) * 190, y: 16 + (at % ROWS) * 144 });
  const numbers = new Map(Array.from({ length: count }, (_, at) => [idOf(at), at] as const));
  return {
    width: 190 * Math.ceil(count / ROWS),
    height: 144 * ROWS,
    nodes: Array.from({ length: count }, (_, at) => ({ id: idOf(at), ...place(at), width: 142, height: 104, wave: Math.floor(at / ROWS) })),
    edges: Array.from({ length: count }, (_, at) => at).flatMap((at) =>
      needsOf(at).map((from) => {
        const [start, end] = [place(numbers.get(from) ?? 0), place(at)];
        return { from, to: idOf(at), points: [[start.x + 142, start.y + 52], [end.x, end.y + 52]] as [number, number][], critical: at % ROWS === 0 };
      }),
    ),
  };
}

export function draftOf(count: number): DraftAnswer {
  const nodes = Array.from({ length: count }, (_, at) => nodeOf(at));
  return {
    problems: [],
    layout: layoutOf(count),
    plan: {
      release: "large", plan: "sha256:0", environment: "bench", waves: Array.from({ length: Math.ceil(count / ROWS) }, () => []),
      order: nodes.map((node) => node.id), critical_path: { nodes: nodes.filter((_, at) => at % ROWS === 0).map((node) => node.id), estimate_ms: 3_600_000 },
      nodes, steps: nodes.map((node) => ({ id: `${node.id}/run`, node: node.id, action: "run", needs: [], undo: "none", estimate_ms: 60_000 })),
      rollback: { waves: [], estimate_ms: 0, cannot_undo: [], actions: [], left: [] }, point_of_no_return: null, skew: [], findings: [],
    },
  }; // prettier-ignore
}

/** How a run of it stands after some turns: every turn changes four nodes. */
export function standingOf(count: number, turn: number): Standing {
  const states = ["waiting", "running", "done"] as const;
  return {
    run: "large", plan: "sha256:0", state: "running", outcome: null, by: "bench", started_at: "2026-12-01T19:00:00Z",
    changed_at: new Date(1_800_000_000_000 + turn).toISOString(), holds: [], steps_done: turn, steps_total: count,
    nodes: Array.from({ length: count }, (_, at) => {
      const state = states[Math.min(Math.floor((turn * 4 + count - at) / count), 2)] ?? "done";
      return { id: idOf(at), state, why: `${idOf(at)}/run ${state}`, steps: [{ id: `${idOf(at)}/run`, state: state === "done" ? "succeeded" : "waiting", round: 1 }] };
    }),
    rollback_now: { actions: 1, nodes: 1, estimate_ms: 1000, left: [] }, changed: [],
  }; // prettier-ignore
}
