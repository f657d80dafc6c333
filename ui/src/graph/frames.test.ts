import { expect, it } from "vitest";
import { coalesced } from "./frames";

/** A frame that comes when the test says so. */
function hand() {
  const waiting: (() => void)[] = [];
  return {
    later: (run: () => void) => void waiting.push(run),
    turn: async () => {
      waiting.splice(0).forEach((run) => run());
      await Promise.resolve();
      await Promise.resolve();
    },
    get waits() {
      return waiting.length;
    },
  };
}

it("does the work once a frame, however often it is asked for", async () => {
  const frame = hand();
  let done = 0;
  const ask = coalesced(() => void done++, frame.later);
  for (let at = 0; at < 200; at++) ask();
  expect(done).toBe(0);
  await frame.turn();
  expect(done).toBe(1);
  ask();
  await frame.turn();
  expect(done).toBe(2);
});

it("lets one more run follow what was asked for while it ran, and no second beside it", async () => {
  const frame = hand();
  let running = 0;
  let most = 0;
  let done = 0;
  let end: () => void = () => undefined;
  const ask = coalesced(async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => (end = resolve));
    running--;
    done++;
  }, frame.later);
  ask();
  await frame.turn();
  for (let at = 0; at < 50; at++) ask();
  expect(frame.waits).toBe(0);
  end();
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(frame.waits).toBe(1);
  await frame.turn();
  end();
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect([done, most, frame.waits]).toEqual([2, 1, 0]);
});

it("goes on after a run that failed", async () => {
  const frame = hand();
  let asked = 0;
  const ask = coalesced(() => {
    asked++;
    return asked === 1 ? Promise.reject(new Error("once")).catch(() => undefined) : undefined;
  }, frame.later);
  ask();
  await frame.turn();
  ask();
  await frame.turn();
  expect(asked).toBe(2);
});
