// When the steps of a plan begin and end: `gantry_forecast::timetable`, beside the plan.

import type { PlanAnswer } from "./plan";

/** An instant counted from the start: as likely as not, in eight and in nine of ten cases. */
export type Likely = { p50_ms: number; p80_ms: number; p90_ms: number };

/** When each step begins and ends, in the order of the plan's steps. */
export type Timetable = { basis: "history" | "estimates"; steps: { begins: Likely; ends: Likely }[] };

/** A plan that may know when its steps begin and end. */
export type TimedPlan = PlanAnswer & { timetable?: Timetable };
