// What a person does to a run that goes wrong, each once, on programs that really fail: retry, skip, done,
// resolve of an undo that is stuck, an undo by hand, and abort.
import { openFile, pressFor, start, until, why } from "./hand.js";

/** `repaired` fails until its file is there; `left-out` always fails; `by-hand` waits for a person. */
const going = (folder) => `gantry: 1
release: mended
policy: { on-failure: hold, max-parallel: 1 }
nodes:
  repaired: { kind: task, idempotent: true, run: { exec: ["test", "-e", "${folder}/repaired"], undo: ["true"] }, estimate: 1s }
  left-out: { kind: task, idempotent: true, needs: [repaired], run: { exec: ["false"], undo: ["true"] }, estimate: 1s }
  by-hand: { kind: task, needs: [left-out], run: { manual: Call the bank, undo: Call them back, owner: ann }, estimate: 1m }
`;

/** `stuck` cannot be undone by its program; `wait` is undone by hand. */
const goingBack = () => `gantry: 1
release: stuck
policy: { on-failure: hold }
nodes:
  stuck: { kind: task, idempotent: true, run: { exec: ["true"], undo: ["false"] }, estimate: 1s }
  wait: { kind: task, needs: [stuck], run: { manual: Wait, undo: Wait no more, owner: ann }, estimate: 1m }
`;

/** `long` is under way when the release is aborted. */
const aborted = (folder) => `gantry: 1
release: aborted
nodes:
  first: { kind: task, idempotent: true, run: { exec: ["true"], undo: ["true"] }, estimate: 1s }
  long: { kind: task, idempotent: true, needs: [first], run: { exec: ["sh", "-c", "until test -e ${folder}/ended; do sleep 0.1; done"], undo: ["true"] }, estimate: 1m }
`;

export async function mend(page, place) {
  await forward(page, place);
  await back(page, place);
  await stop(page, place);
}

async function forward(page, place) {
  await openFile(page, place.write("mended.yaml", going(place.folder)));
  await start(page, "mended");
  await nodeIs(page, "mended", "repaired", "failed");
  place.write("repaired", "");
  await deeds(page, "repaired", "Retry");
  await nodeIs(page, "mended", "repaired", "done");

  await nodeIs(page, "mended", "left-out", "failed");
  await deeds(page, "left-out", "Skip…");
  const more = page.getByRole("dialog");
  await more.getByLabel("Why (goes into the record)").fill("it can wait");
  await more.getByRole("button", { name: "Skip a step of left-out" }).click();
  await more.waitFor({ state: "detached" });

  await nodeIs(page, "mended", "by-hand", "waits-for-person");
  await why(page, "by-hand", "Call the bank");
  const asked = await pressFor(page, "a", "Mark by-hand done");
  await asked.getByLabel("What should be read later").fill("they are told");
  await asked.getByRole("button", { name: "Mark by-hand done" }).click();
  await asked.waitFor({ state: "detached" });
  await until(page, "status", { release: "mended" }, (standing) => standing.outcome?.startsWith("succeeded") === true);
}

async function back(page, place) {
  await openFile(page, place.write("stuck.yaml", goingBack()));
  await start(page, "stuck");
  await nodeIs(page, "stuck", "wait", "waits-for-person");
  const sure = await pressFor(page, "Shift+R", "Roll back now");
  await sure.getByRole("button", { name: "Roll back now" }).click();
  // Keys are the sheet's for as long as it is there.
  await sure.waitFor({ state: "detached" });
  // The undo of a step by hand is done by hand too.
  await until(page, "status", { release: "stuck" }, ({ state, nodes }) => state === "rolling-back" && nodes[1].state === "waits-for-person");
  await why(page, "wait", "Wait no more");
  const done = await pressFor(page, "a", "Mark wait done");
  await done.getByRole("button", { name: "Mark wait done" }).click();
  await nodeIs(page, "stuck", "stuck", "stuck");
  await deeds(page, "stuck", "Resolve…");
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Why (goes into the record)").fill("taken away by hand");
  await sheet.getByRole("button", { name: "done by hand" }).click();
  await sheet.waitFor({ state: "detached" });
  await until(page, "status", { release: "stuck" }, (standing) => standing.outcome !== null);
}

async function stop(page, place) {
  await openFile(page, place.write("aborted.yaml", aborted(place.folder)));
  await start(page, "aborted");
  await nodeIs(page, "aborted", "long", "running");
  const sheet = await pressFor(page, ".", "Abort the release");
  await sheet.getByLabel("Why (goes into the record)").fill("not today");
  await sheet.getByRole("button", { name: "Abort the release" }).click();
  await sheet.waitFor({ state: "detached" });
  // A program that is under way is waited for before it is undone.
  place.write("ended", "");
  await until(page, "status", { release: "aborted" }, (standing) => standing.outcome !== null);
}

const nodeIs = (page, release, node, state) =>
  until(page, "status", { release }, ({ nodes }) => nodes.find(({ id }) => id === node).state === state);

/** Presses a button beside a node's reason. */
async function deeds(page, node, button) {
  const row = page.locator("#why-list li", { has: page.getByRole("button", { name: node, exact: true }) });
  await row.getByRole("button", { name: button, exact: true }).click();
}
