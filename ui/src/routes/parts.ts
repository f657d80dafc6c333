import type { Component } from "svelte";
import type { ReleaseRow } from "../api/answers";
import type { ScreenName, TabName } from "../shared/router.svelte";

type Part<Props extends Record<string, unknown>> = () => Promise<{ default: Component<Props> }>;

/** The screens, each loaded when it is first shown. */
export const screens: Record<ScreenName, Part<{ rest?: string }>> = {
  releases: () => import("../releases/ReleasesScreen.svelte"),
  catalogue: () => import("../catalogue/CatalogueScreen.svelte"),
  connections: () => import("../connections/ConnectionsScreen.svelte"),
  insights: () => import("../insights/InsightsScreen.svelte"),
  journal: () => import("../journal/JournalScreen.svelte"),
  settings: () => import("../settings/SettingsScreen.svelte"),
};

/** The tabs of a release, each loaded when it is first shown. */
export const tabs: Record<TabName, Part<{ release: ReleaseRow }>> = {
  rollback: () => import("../rollback/RollbackTab.svelte"),
  plan: () => import("../plan/PlanTab.svelte"),
  timeline: () => import("../timeline/TimelineTab.svelte"),
  "go-no-go": () => import("../poll/PollTab.svelte"),
  communications: () => import("../notify/NotifyTab.svelte"),
  run: () => import("../run/RunTab.svelte"),
  report: () => import("../report/ReportTab.svelte"),
};
