export type Theme = "system" | "dark" | "light";
type Stored = { theme: Theme; letters: boolean; zone: string };

const KEY = "gantry.settings";
const DEFAULTS: Stored = { theme: "system", letters: true, zone: "" };

function stored(): Stored {
  try {
    const text = localStorage.getItem(KEY);
    return text === null ? DEFAULTS : { ...DEFAULTS, ...(JSON.parse(text) as Partial<Stored>) };
  } catch {
    return DEFAULTS;
  }
}

/** What a person chose for this machine: look, single-letter shortcuts, time zone. Never anything of a release. */
export const settings = $state<Stored>(stored());

/** Changes a setting and keeps it. */
export function choose(change: Partial<Stored>): void {
  Object.assign(settings, change);
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing still works for this visit.
  }
}

const prefersLight = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: light)") : undefined;
let systemLight = $state(prefersLight?.matches ?? false);
prefersLight?.addEventListener("change", (event) => {
  systemLight = event.matches;
});

/** The theme to draw in. */
export function drawnTheme(): "dark" | "light" {
  if (settings.theme !== "system") return settings.theme;
  return systemLight ? "light" : "dark";
}
