// A newcomer's way: the sample is planned, rehearsed forward and back, started for real, rolled back while it
// runs, and its report handed over as a file.
import { readFileSync } from "node:fs";
import { start, until, visit } from "./hand.js";

export async function sample(page) {
  await page.getByRole("button", { name: "Try the sample release" }).click();
  await page.getByRole("button", { name: "Rehearse the release" }).click();
  await page.getByRole("button", { name: "Rehearse a failure" }).click();
  await page.getByText("That is the whole idea").waitFor();
  await page.getByRole("button", { name: "See its rollback plan" }).click();
  const { release } = (await until(page, "releases", {}, (rows) => rows.length === 1))[0];

  await start(page, release);
  await until(page, "status", { release }, (standing) => standing.steps_done > 1);
  await page.keyboard.press("Shift+R");
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Why (goes into the record)").fill("the search came up empty");
  await sheet.getByRole("button", { name: "Roll back now" }).click();
  await sheet.waitFor({ state: "detached" });
  await page.getByText("Rolling back").first().waitFor();
  await until(page, "status", { release }, (standing) => standing.outcome === "rolled-back");
  await page.locator(".room .finish").getByText("rolled back").waitFor();

  await visit(page, release, "report");
  await page.locator(".desk").getByText("the search came up empty").first().waitFor();
  for (const [format, begins] of [["md", "# "], ["pdf", "%PDF"], ["json", "{"]]) await exported(page, format, begins);
}

async function exported(page, format, begins) {
  await page.keyboard.press("x");
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("radiogroup", { name: "Format" }).getByRole("radio").nth({ md: 0, pdf: 2, json: 3 }[format]).click();
  const [download] = await Promise.all([page.waitForEvent("download"), sheet.getByRole("button", { name: /^Save/ }).click()]);
  const text = readFileSync(await download.path(), "latin1");
  if (!text.startsWith(begins)) throw new Error(`the ${format} begins with ${text.slice(0, 20)}`);
  await sheet.waitFor({ state: "detached" });
}
