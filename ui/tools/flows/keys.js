// The main job with the keyboard alone: a new release from the sample, a node added and connected in its graph,
// a rehearsal, the start, a note, and the way back. The mouse is never touched.
import { until } from "./hand.js";

export async function keys(page) {
  await make(page);
  await drawn(page);
  await page.keyboard.press("r");
  await page.getByRole("dialog", { name: "Rehearsal" }).getByText("succeeded").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await palette(page, "Run");
  await run(page);
}

/** Types words into the palette and takes the first thing that it offers. */
async function palette(page, words) {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type(words);
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("option").first().waitFor({ state: "detached" });
}

async function make(page) {
  await palette(page, "Make a new release");
  await page.getByRole("dialog").waitFor();
  await tabTo(page, (element) => element.textContent.trim() === "Create");
  await page.keyboard.press("Enter");
  await page.locator('[data-node="announce"]').waitFor();
}

async function drawn(page) {
  await page.keyboard.press("a");
  await page.keyboard.type("Task");
  await page.keyboard.press("Enter");
  await page.locator('[data-node="task"]').waitFor();
  await page.keyboard.press("e");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Delete");
  await page.locator('[data-node="task"]').waitFor({ state: "detached" });
  await until(page, "read-release", { release: "first-release" }, ({ text }) => !/^ {2}task:/m.test(text));
}

async function run(page) {
  await page.getByRole("button", { name: "Start…" }).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("dialog").getByRole("button", { name: "Confirm and start" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".room").waitFor();
  await page.keyboard.press("n");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("by hand, without a mouse");
  await tabTo(page, (element) => element.textContent.trim() === "Write it down");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Shift+R");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Enter");
  await until(page, "status", { release: "first-release" }, ({ outcome }) => outcome === "rolled-back");
  const record = await until(page, "journal", { release: "first-release" }, (events) => events.length > 0);
  if (!JSON.stringify(record).includes("without a mouse")) throw new Error("the note is not in the record");
}

/** Presses Tab until what has the focus is what is looked for. */
async function tabTo(page, isIt) {
  for (let presses = 0; presses < 40; presses += 1) {
    const found = await page.evaluate(`(${isIt})(document.activeElement)`);
    if (found) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${isIt}`);
}
