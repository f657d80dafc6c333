// Draws a graph: an empty release, nodes from the list, an edge by hand, a cycle that is refused, undo and
// redo, the text beside it; the file on disk says in the end what was drawn.
import { ask, until } from "./hand.js";

export async function draw(page) {
  await page.getByRole("button", { name: "Start empty" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("radio", { name: "An empty release" }).click();
  await sheet.getByLabel("Name of the release").fill("drawn");
  await sheet.getByRole("button", { name: "Create" }).click();
  await page.getByRole("region", { name: "Add a node: kind or service" }).waitFor();
  const [first] = await nodesOf(page);

  const task = page.getByRole("button", { name: "Task", exact: true });
  await task.click();
  await page.locator('[data-node="task"]').waitFor();
  await task.click();
  await page.locator('[data-node="task-2"]').waitFor();
  await written(page, (text) => /^ {2}task-2:/m.test(text));
  await connect(page, "task", "task-2");
  await written(page, (text) => /needs:\s*\[\s*task\s*\]/.test(text));

  await lead(page, "task-2", "task");
  await page.getByRole("alert").filter({ hasText: /cycle/i }).waitFor();
  await page.keyboard.press("Escape");
  await page.mouse.up();

  await page.keyboard.press("Control+z");
  await written(page, (text) => !/needs:\s*\[\s*task\s*\]/.test(text));
  await page.keyboard.press("Control+Shift+z");
  const text = await written(page, (text) => /needs:\s*\[\s*task\s*\]/.test(text));

  await page.getByRole("radio", { name: "Both" }).click();
  const pane = page.getByRole("textbox", { name: "The release file" });
  await pane.fill(text.replace("Do task-2", "Water the plants"));
  await written(page, (text) => text.includes("Water the plants"));
  const plan = await ask(page, "draft", { text: (await ask(page, "read-release", { release: "drawn" })).text });
  const drawn = plan.plan.nodes.map((node) => node.id).sort().join(" ");
  if (drawn !== [first, "task", "task-2"].sort().join(" ")) throw new Error(`the plan has ${drawn}`);
}

async function nodesOf(page) {
  const { text } = await ask(page, "read-release", { release: "drawn" });
  return (await ask(page, "draft", { text })).plan.nodes.map((node) => node.id);
}

const written = async (page, isSo) => (await until(page, "read-release", { release: "drawn" }, (answer) => isSo(answer.text))).text;

/** Draws an edge from one node to another. */
async function connect(page, from, to) {
  await lead(page, from, to);
  await page.mouse.up();
}

/** Leads a line from the grip of one node over another, as a hand does. */
async function lead(page, from, to) {
  const source = await page.locator(`[data-node="${from}"]`).getByRole("button", { name: `Draw an edge from ${from}` }).boundingBox();
  const target = await page.locator(`[data-node="${to}"]`).boundingBox();
  await page.mouse.move(source.x + source.width / 2, source.y + source.height / 2);
  await page.mouse.down();
  await page.mouse.move(target.x + 40, target.y + 20, { steps: 4 });
}
