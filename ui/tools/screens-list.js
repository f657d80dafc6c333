// Every screen that is looked at: `name`, `hash`, and where needed `story` (full, empty, failed, loading, hostile),
// `width`, `height`, `waits` (a selector), `prepare(page)`.
const palette = (page) => page.keyboard.press("Control+k");

/** Chooses a node of the graph as a hand would. */
const choose = (id) => async (page) => {
  await page.waitForSelector(`[data-node="${id}"]`);
  await page.click(`[data-node="${id}"]`);
};

export const SCREENS = [
  { name: "releases", hash: "#/releases" },
  { name: "releases-small", hash: "#/releases", width: 1280, height: 720 },
  { name: "releases-empty", hash: "#/releases", story: "empty" },
  { name: "releases-failed", hash: "#/releases", story: "failed" },
  { name: "releases-loading", hash: "#/releases", story: "loading" },
  { name: "releases-hostile", hash: "#/releases", story: "hostile" },
  { name: "catalogue", hash: "#/catalogue" },
  { name: "catalogue-empty", hash: "#/catalogue", story: "empty" },
  { name: "catalogue-quarantine", hash: "#/catalogue", prepare: (page) => page.keyboard.press("q") },
  { name: "releases-new", hash: "#/releases", prepare: (page) => page.keyboard.press("n") },
  { name: "releases-freeze", hash: "#/releases", prepare: (page) => page.keyboard.press("f") },
  { name: "roll-back", hash: "#/releases", prepare: (page) => page.keyboard.press("Shift+R") },
  { name: "connections", hash: "#/connections" },
  { name: "connections-new", hash: "#/connections", prepare: (page) => page.keyboard.press("n") },
  { name: "connections-empty", hash: "#/connections", story: "empty" },
  { name: "insights", hash: "#/insights" },
  { name: "insights-empty", hash: "#/insights", story: "empty" },
  { name: "journal-empty", hash: "#/journal", story: "empty" },
  { name: "journal-failed", hash: "#/journal", story: "failed" },
  { name: "release-unknown", hash: "#/release/no-such-release" },
  { name: "journal", hash: "#/journal" },
  { name: "settings", hash: "#/settings" },
  { name: "palette", hash: "#/releases", prepare: palette },
  { name: "shortcuts", hash: "#/release/shop-2.4/plan", prepare: (page) => page.keyboard.press("?") },
  { name: "tab-rollback", hash: "#/release/shop-2.4/rollback" },
  { name: "tab-plan", hash: "#/release/shop-2.4/plan" },
  { name: "tab-timeline", hash: "#/release/shop-2.4/timeline" },
  { name: "tab-go-no-go", hash: "#/release/shop-2.4/go-no-go" },
  { name: "tab-communications", hash: "#/release/shop-2.4/communications" },
  { name: "tab-run", hash: "#/release/shop-2.4/run" },
  { name: "plan-chosen", hash: "#/release/shop-2.4/plan", prepare: choose("orders") },
  { name: "plan-both", hash: "#/release/shop-2.4/plan", prepare: (page) => page.keyboard.press("y") },
  { name: "plan-finding", hash: "#/release/shop-2.4/plan", prepare: (page) => page.keyboard.press("F8") },
  { name: "plan-small", hash: "#/release/shop-2.4/plan", width: 1280, height: 720, prepare: choose("orders") },
  { name: "plan-empty", hash: "#/release/shop-2.4/plan", story: "empty" },
  { name: "plan-hostile", hash: "#/release/shop-2.4/plan", story: "hostile" },
  { name: "run-small", hash: "#/release/shop-2.4/run", width: 1280, height: 720 },
  { name: "run-wall", hash: "#/release/shop-2.4/run", width: 2560, height: 1440 },
  { name: "run-rollback", hash: "#/release/shop-2.4/run", prepare: (page) => page.keyboard.press("Shift+R") },
  { name: "run-hostile", hash: "#/release/shop-2.4/run", story: "hostile" },
  { name: "tab-report", hash: "#/release/shop-2.4/report" },
];
