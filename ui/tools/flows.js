// Does what a person does, in Chromium, against a real `gantry serve` on a fresh workspace: `npm run flows`.
// `--only=draw,vote` does those alone; `--gantry=FILE` and `--ui=FOLDER` say what is tried, in place of
// `target/debug/gantry` and `ui/dist`. A flow that fails leaves its picture in `ui/screens`.
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { startChromium } from "./chromium.js";
import { crash } from "./flows/crash.js";
import { draw } from "./flows/draw.js";
import { keys } from "./flows/keys.js";
import { mend } from "./flows/mend.js";
import { Place } from "./flows/place.js";
import { sample } from "./flows/sample.js";
import { vote } from "./flows/vote.js";

const UI = join(dirname(fileURLToPath(import.meta.url)), "..");
const option = (name, otherwise) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const tried = {
  gantry: resolve(option("gantry", join(UI, "../target/debug/gantry"))),
  ui: resolve(option("ui", join(UI, "dist"))),
};
const FLOWS = { draw, sample, vote, mend, crash, keys };

async function attempt(browser, name, flow) {
  const place = new Place(browser, tried);
  const began = Date.now();
  let page;
  try {
    page = await place.enter();
    await flow(page, place);
    if (place.said.length > 0) throw new Error(place.said.join("\n"));
    console.log(`well   ${name}, ${((Date.now() - began) / 1000).toFixed(0)} s`);
    return true;
  } catch (error) {
    console.log(`FAILS  ${name}: ${error.stack}`);
    mkdirSync(join(UI, "screens"), { recursive: true });
    const last = browser.contexts().at(-1)?.pages().at(-1);
    await last?.screenshot({ path: join(UI, "screens", `flow-${name}.png`) }).catch(() => undefined);
    return false;
  } finally {
    await place.close();
  }
}

for (const [what, path] of Object.entries(tried)) {
  if (existsSync(path)) continue;
  console.log(`There is no ${what} at ${path}: \`cargo build -p gantry-cli\` and \`npm run build\` make them.`);
  process.exit(1);
}
const only = option("only")?.split(",");
const browser = await startChromium();
let failed = 0;
for (const [name, flow] of Object.entries(FLOWS)) {
  if (only && !only.includes(name)) continue;
  if (!(await attempt(browser, name, flow))) failed += 1;
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
