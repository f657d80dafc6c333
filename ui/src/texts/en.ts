// The one catalogue of what the page says. Each folder has its own part, so that a translation is a folder, too.
import { app } from "./en/app";
import { catalogue } from "./en/catalogue";
import { checklist } from "./en/checklist";
import { connections } from "./en/connections";
import { graph } from "./en/graph";
import { insights } from "./en/insights";
import { journal } from "./en/journal";
import { kit } from "./en/kit";
import { notify } from "./en/notify";
import { plan } from "./en/plan";
import { poll } from "./en/poll";
import { releases } from "./en/releases";
import { report } from "./en/report";
import { rollback } from "./en/rollback";
import { run } from "./en/run";
import { settings } from "./en/settings";
import { timeline } from "./en/timeline";

export const t = {
  app,
  catalogue,
  checklist,
  connections,
  graph,
  insights,
  journal,
  kit,
  notify,
  plan,
  poll,
  releases,
  report,
  rollback,
  run,
  settings,
  timeline,
} as const;
