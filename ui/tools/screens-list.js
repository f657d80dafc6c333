// Every screen that is looked at: `name`, `hash`, and where needed `story` (full, empty, failed, loading, hostile),
// `width`, `height`, `waits` (a selector), `prepare(page)`.
const palette = (page) => page.keyboard.press("Control+k");

export const SCREENS = [
  { name: "releases", hash: "#/releases" },
  { name: "releases-small", hash: "#/releases", width: 1280, height: 720 },
  { name: "releases-empty", hash: "#/releases", story: "empty" },
  { name: "releases-failed", hash: "#/releases", story: "failed" },
  { name: "releases-loading", hash: "#/releases", story: "loading" },
  { name: "releases-hostile", hash: "#/releases", story: "hostile" },
  { name: "catalogue", hash: "#/catalogue" },
  { name: "connections", hash: "#/connections" },
  { name: "insights", hash: "#/insights" },
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
  { name: "tab-report", hash: "#/release/shop-2.4/report" },
];
