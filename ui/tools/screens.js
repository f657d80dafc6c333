// Opens every screen in Chromium as the window would serve it: `--pictures` writes ui/screens/*.png,
// `--axe` fails on any violation of accessibility. `--only=run,plan` looks at those alone.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChromium } from "./chromium.js";
import { SCREENS } from "./screens-list.js";
import { serve } from "./serve.js";

const UI = join(dirname(fileURLToPath(import.meta.url)), "..");
const wants = (flag) => process.argv.includes(`--${flag}`);
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7).split(",");
const AXE = readFileSync(join(UI, "node_modules/axe-core/axe.min.js"), "utf8");
const MOMENT = new Date("2026-12-01T19:41:26Z");

/** Builds the page with the fake transport into a folder of its own, so that two may look at once. */
function build() {
  const folder = mkdtempSync(join(tmpdir(), "gantry-screens-"));
  const vite = join(UI, "node_modules/vite/bin/vite.js");
  const done = spawnSync("node", [vite, "build", "--mode", "fake", "--logLevel", "warn", "--outDir", folder, "--emptyOutDir"], {
    cwd: UI,
    stdio: "inherit",
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
  return folder;
}

async function open(browser, address, screen, theme) {
  const context = await browser.newContext({
    viewport: { width: screen.width ?? 1440, height: screen.height ?? 900 },
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
    colorScheme: theme,
    reducedMotion: "reduce",
  });
  // The window freezes this; a library that minds would break there and not here.
  await context.addInitScript(() => Object.freeze(Object.prototype));
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.clock.setFixedTime(MOMENT);
  await page.goto(`${address}/?story=${screen.story ?? "full"}${screen.hash}`);
  await page.waitForSelector(screen.waits ?? "main");
  // A screen that still loads would pass for well: nothing stands on it yet.
  if (screen.story !== "loading") await page.waitForSelector(".loading", { state: "detached" });
  await page.evaluate(() => document.fonts.ready);
  await screen.prepare?.(page);
  await page.waitForTimeout(screen.settles ?? 400);
  return { context, page, said };
}

async function violations(page) {
  // Through the debugger, because the page's own policy runs no foreign script.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n      ${node.target.join(" ")}\n      ${node.failureSummary?.replaceAll("\n", " ")}`),
  );
}

async function look(browser, address, screen, theme) {
  const name = `${screen.name}-${theme}`;
  const { context, page, said } = await open(browser, address, screen, theme);
  const problems = said.map((text) => `the console says: ${text}`);
  if (wants("pictures")) await page.screenshot({ path: join(UI, "screens", `${name}.png`) });
  if (wants("axe")) problems.push(...(await violations(page)));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (wide) problems.push("the page is wider than the window");
  await context.close();
  console.log(`${problems.length === 0 ? "well" : "FAILS"}  ${name}`);
  for (const problem of problems) console.log(`    ${problem}`);
  return problems.length;
}

const page = build();
mkdirSync(join(UI, "screens"), { recursive: true });
const server = await serve(page);
const browser = await startChromium();
let problems = 0;
for (const screen of SCREENS.filter(({ name }) => !only || only.some((part) => name.startsWith(part)))) {
  for (const theme of ["dark", "light"]) problems += await look(browser, server.address, screen, theme);
}
await browser.close();
server.close();
rmSync(page, { recursive: true });
if (problems > 0) {
  console.log(`${problems} problems`);
  process.exit(1);
}
