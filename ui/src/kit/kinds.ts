import type { IconName } from "./icons";

const KINDS: Record<string, IconName> = {
  app: "window",
  config: "sliders",
  database: "cylinder",
  flag: "flag",
  task: "prompt",
};

/** The drawing of a node's kind. */
export function kindIcon(kind: string): IconName {
  return KINDS[kind] ?? "file";
}
