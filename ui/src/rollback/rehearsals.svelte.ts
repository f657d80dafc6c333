import { call } from "../api/api";
import type { Rehearsed } from "../api/answers/rollback";
import { failureOf, type Failure } from "../api/wire";
import { now } from "../shared/now.svelte";

/** So many runs show how much a release scatters, and are over in seconds. */
const RUNS = 20;

export type Rehearsal = { at: number; plan: string; answer: Rehearsed };

/** The rehearsals of one release that this page has asked for. */
export interface Rehearsals {
  readonly last: Rehearsal | undefined;
  readonly failure: Failure | undefined;
  readonly busy: boolean;
  rehearse(file: string, plan: string): Promise<void>;
}

/** Keeps what the last rehearsal came to, as long as the tab is there. */
export function rehearsals(): Rehearsals {
  let last = $state.raw<Rehearsal>();
  let failure = $state.raw<Failure>();
  let busy = $state(false);
  return {
    get last() {
      return last;
    },
    get failure() {
      return failure;
    },
    get busy() {
      return busy;
    },
    async rehearse(file, plan) {
      busy = true;
      failure = undefined;
      try {
        last = { answer: await call("rehearse", { file, runs: RUNS }), at: now(), plan };
      } catch (thrown) {
        failure = failureOf(thrown);
      } finally {
        busy = false;
      }
    },
  };
}
