// A plan before people: its list is ticked, a poll is voted, and the release starts once nothing holds it.
import { openFile, start, until, visit } from "./hand.js";

const RELEASE = `gantry: 1
release: voted
owner: bob
checklists:
  pre-deployment:
    - { id: backup, item: A backup younger than an hour, owner: ann, required: true }
    - { id: comms, item: The status page is drafted, owner: ann, required: true }
go-no-go:
  at: [start]
  deadline: 2h
  on-deadline: hold
  poll:
    - { role: QA, voters: [ann] }
    - { role: Support, voters: [ann] }
nodes:
  say: { kind: task, run: { exec: ["true"], undo: ["true"] }, estimate: 1s }
`;

const ITEMS = { backup: "A backup younger than an hour", comms: "The status page is drafted" };

export async function vote(page, place) {
  await openFile(page, place.write("voted.yaml", RELEASE));
  await visit(page, "voted", "go-no-go");
  // Looking at it puts the plan before people: from then on votes bind to it.
  await page.getByRole("button", { name: ITEMS.backup }).waitFor();

  // Whose turn it is, is chosen already.
  await page.getByRole("button", { name: "Choose QA", pressed: true }).waitFor();
  await say(page, "g", "Say go", { "What else there is to say": "looks good" });
  await until(page, "checklist", { release: "voted" }, (answer) => wordOf(answer, "QA") === "go");
  await choose(page, "Support");
  await say(page, "n", "Say no-go", { "What else there is to say": "nobody is there" });
  await until(page, "checklist", { release: "voted" }, (answer) => answer.polls[0].decision === "no-go");
  await page.getByText("No-go").first().waitFor();
  await choose(page, "Support");
  await say(page, "c", "Say go, if", { "What must hold": "somebody is there" });
  await until(page, "checklist", { release: "voted" }, (answer) => wordOf(answer, "Support").startsWith("condition"));
  await choose(page, "Support");
  await say(page, "g", "Say go", {});
  await until(page, "checklist", { release: "voted" }, (answer) => answer.polls[0].decision === "go");

  await tick(page);
  await until(page, "checklist", { release: "voted" }, (answer) => answer.gates.every((gate) => gate.reasons.length === 0));
  await start(page, "voted");
  await until(page, "status", { release: "voted" }, (standing) => standing.outcome === "succeeded");
}

/** Chooses a position; the one that is chosen has its buttons where the others are clicked. */
async function choose(page, role) {
  const position = page.getByRole("button", { name: `Choose ${role}` });
  if ((await position.getAttribute("aria-pressed")) === "true") return;
  await position.click();
}

const wordOf = (answer, role) => answer.polls[0].positions.find((position) => position.role === role).word;

async function say(page, key, confirm, fields) {
  await page.keyboard.press(key);
  const sheet = page.getByRole("dialog");
  for (const [label, text] of Object.entries(fields)) await sheet.getByLabel(label).fill(text);
  await sheet.getByRole("button", { name: confirm, exact: true }).click();
  await sheet.waitFor({ state: "detached" });
}

/** Ticks the chosen item, and the one that is chosen after it. */
async function tick(page) {
  for (const item of ["backup", "comms"]) {
    await page.getByRole("button", { name: ITEMS[item] }).click();
    await say(page, "t", "Answer", {});
    await until(page, "checklist", { release: "voted" }, (answer) => resultOf(answer, item) === "pass");
  }
}

const resultOf = (answer, item) => answer.lists[0].items.find((one) => one.id.endsWith(item)).result;
