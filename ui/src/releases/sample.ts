import type { PlanAnswer } from "../api/answers/plan";

/** The node that is let fail to show the way back: the last canary before the end of the longest chain. */
export function victim(plan: PlanAnswer): string | undefined {
  const shifting = plan.nodes.filter((node) => node.strategy === "canary" || node.strategy === "blue-green");
  const late = (shifting.length > 0 ? shifting : plan.nodes).toSorted((a, b) => b.wave - a.wave);
  return late[0]?.id;
}
