// How quickly large graphs are drawn: `npm run bench:graph`. Prints the first picture of 1,000 and of
// 5,000 nodes and the main thread's work a frame while the far view is moved and zoomed, beside the
// limits. It asserts nothing: a loaded machine is no reason for a test to fail.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { startChromium } from "./chromium.js";
import { serve } from "./serve.js";

const UI = join(dirname(fileURLToPath(import.meta.url)), "..");
const FRAMES = 60;

async function built() {
  const folder = mkdtempSync(join(tmpdir(), "gantry-bench-"));
  const root = join(UI, "tools/bench");
  await build({ root, configFile: join(UI, "vite.config.ts"), logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  return folder;
}

/** The processor time of the main thread so far, in milliseconds: what others do on the machine is not in it. */
async function busy(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1000 * (metrics.find((metric) => metric.name === "ThreadTime")?.value ?? 0);
}

/** Does something once a frame; tells the main thread's work a frame and the longest frame. */
async function frames(page, session, move) {
  const before = await busy(session);
  const longest = await page.evaluate(
    ({ count, move }) =>
      new Promise((resolve) => {
        const target = document.querySelector(".svelte-flow__pane");
        const frame = target.getBoundingClientRect();
        let at = 0;
        let last = performance.now();
        let longest = 0;
        const turn = () => {
          const now = performance.now();
          if (at > 1) longest = Math.max(longest, now - last);
          last = now;
          if (at++ >= count) return resolve(longest);
          const zoom = move === "zoom";
          target.dispatchEvent(
            new WheelEvent("wheel", {
              bubbles: true, cancelable: true, ctrlKey: zoom, deltaX: zoom ? 0 : at < count / 2 ? 8 : -8, deltaY: zoom ? (at < count / 2 ? -4 : 4) : 4,
              clientX: frame.left + frame.width / 2, clientY: frame.top + frame.height / 2,
            }),
          );
          requestAnimationFrame(turn);
        };
        requestAnimationFrame(turn);
      }),
    { count: FRAMES, move },
  );
  return { work: ((await busy(session)) - before) / FRAMES, longest };
}

async function measure(browser, address, nodes) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  page.on("pageerror", (error) => console.log(`    the page says: ${error}`));
  await page.goto(`${address}/?nodes=${nodes}`);
  await page.waitForSelector(".graph canvas");
  await page.waitForFunction(() => performance.getEntriesByName("graph-drawn").length > 0, undefined, { timeout: 120_000 });
  const first = await page.evaluate(() => performance.getEntriesByName("graph-drawn")[0].duration);
  await page.waitForTimeout(1500);
  const idle = await busy(session);
  await page.waitForTimeout(1000);
  const rest = (await busy(session)) - idle;
  const pan = await frames(page, session, "pan");
  const zoom = await frames(page, session, "zoom");
  console.log(`${String(nodes).padStart(6)} nodes: first picture ${first.toFixed(0)} ms (limit 1000)`);
  for (const [name, { work, longest }] of Object.entries({ pan, zoom })) {
    console.log(`        ${name.padEnd(5)} ${work.toFixed(1)} ms of work a frame (limit 16), longest frame ${longest.toFixed(0)} ms`);
  }
  console.log(`        at rest ${rest.toFixed(0)} ms of work a second`);
  await page.close();
}

/** Two hundred changes a second while the mouse presses nodes: how long each press takes to show. */
async function live(browser, address, nodes) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  page.on("pageerror", (error) => console.log(`    the page says: ${error}`));
  await page.goto(`${address}/?nodes=${nodes}&tab=run`);
  await page.waitForFunction(() => performance.getEntriesByName("graph-drawn").length > 0, undefined, { timeout: 120_000 });
  await page.waitForSelector(".svelte-flow__node");
  await page.evaluate(() => globalThis.change(200));
  await page.waitForTimeout(500);
  const before = await busy(session);
  const presses = await page.evaluate(async () => {
    const took = [];
    const buttons = [...document.querySelectorAll("#why-list button")].slice(0, 20);
    for (const button of buttons) {
      const began = performance.now();
      button.click();
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      took.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    return took.sort((one, other) => one - other);
  });
  const work = (await busy(session)) - before;
  const at = (share) => (presses[Math.floor(share * (presses.length - 1))] ?? 0).toFixed(0);
  console.log(`${String(nodes).padStart(6)} nodes, 200 changes a second: ${presses.length} of 20 presses shown, half within ${at(0.5)} ms, all within ${at(1)} ms; ${(work / presses.length).toFixed(0)} ms of work a press`);
  await page.close();
}

const folder = await built();
const { address, close } = await serve(folder);
const browser = await startChromium();
for (const nodes of [200, 1000, 5000]) await measure(browser, address, nodes);
for (const nodes of [200, 1000]) await live(browser, address, nodes);
await browser.close();
close();
rmSync(folder, { recursive: true, force: true });
