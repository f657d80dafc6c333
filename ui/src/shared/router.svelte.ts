/** The tabs of a release, in the order of their number keys. */
export const TABS = ["rollback", "plan", "timeline", "go-no-go", "communications", "run", "report"] as const;
export type TabName = (typeof TABS)[number];

/** The screens beside a release, in the order of the header. */
export const SCREENS = ["releases", "catalogue", "connections", "insights", "journal", "settings"] as const;
export type ScreenName = (typeof SCREENS)[number];

export type Route =
  | { screen: ScreenName; rest?: string }
  | { screen: "release"; release: string; tab?: TabName };

/** Reads an address such as `#/release/shop-2.4/plan`; whatever it does not know is the home screen. */
export function parse(hash: string): Route {
  const [screen = "", first, second] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decoded);
  if (screen === "release" && first) {
    const tab = TABS.find((name) => name === second);
    return tab ? { screen, release: first, tab } : { screen, release: first };
  }
  const known = SCREENS.find((name) => name === screen) ?? "releases";
  return first ? { screen: known, rest: first } : { screen: known };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Writes the address of a route. */
export function href(route: Route): string {
  const parts =
    route.screen === "release" ? ["release", route.release, route.tab] : [route.screen, route.rest];
  return `#/${parts.flatMap((part) => (part ? [encodeURIComponent(part)] : [])).join("/")}`;
}

let current = $state.raw<Route>(parse(location.hash));
window.addEventListener("hashchange", () => {
  current = parse(location.hash);
});

/** Where the page is. */
export function route(): Route {
  return current;
}

/** Goes somewhere else. */
export function go(to: Route): void {
  location.hash = href(to);
  current = to;
}
