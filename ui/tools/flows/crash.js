// The server is killed in the middle of a run; the next one takes the run up where it was and ends it.
import { ask, openFile, start, until, visit } from "./hand.js";

const RELEASE = (folder) => `gantry: 1
release: crashed
nodes:
  before: { kind: task, idempotent: true, run: { exec: ["true"], undo: ["true"] }, estimate: 1s }
  during: { kind: task, idempotent: true, needs: [before], run: { exec: ["sh", "-c", "until test -e ${folder}/on; do sleep 0.1; done"], undo: ["true"] }, estimate: 1s }
  after: { kind: task, idempotent: true, needs: [during], run: { exec: ["true"], undo: ["true"] }, estimate: 1s }
`;

export async function crash(page, place) {
  await openFile(page, place.write("crashed.yaml", RELEASE(place.folder)));
  await start(page, "crashed");
  await until(page, "status", { release: "crashed" }, ({ nodes }) => nodes.find(({ id }) => id === "during").state === "running");
  await place.crash();
  await page.getByText(/may be old/i).first().waitFor();

  const again = await place.enter();
  const row = (await until(again, "releases", {}, (rows) => rows[0]?.steps_done !== undefined))[0];
  await visit(again, "crashed", "run");
  place.write("on", "");
  if (row.state === "interrupted") await again.getByRole("button", { name: "Resume" }).first().click();
  await until(again, "status", { release: "crashed" }, (standing) => standing.outcome === "succeeded");
  const record = await ask(again, "journal", { release: "crashed" });
  const begun = record.filter((event) => event.kind === "step-started" && event.node === "before");
  if (begun.length !== 1) throw new Error("a step that was done was done again");
}
