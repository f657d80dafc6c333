import { describe, expect, test } from "vitest";
import type { Notices } from "../api/answers/notify";
import story from "../api/fixtures/story/notify";
import { isUnread, keyOf, occasions, outcomes, previewsOf } from "./told";

const notices: Notices = story.notices({ release: "shop-2.4" });

describe("who is told what", () => {
  test("stands in the order in which it comes, with what is new behind it", () => {
    expect(occasions(notices.matrix).slice(0, 3)).toEqual(["scheduled", "poll", "started"]);
    const more = notices.matrix.map((row) => ({ ...row, events: { ...row.events, promoted: true } }));
    expect(occasions(more).at(-1)).toBe("promoted");
    expect(occasions([])).toEqual([]);
  });

  test("is previewed for one stakeholder on one channel", () => {
    const support = notices.matrix.find((row) => row.audience === "Support");
    expect(previewsOf(notices.previews, support).map((preview) => preview.event)).toEqual(["scheduled", "started", "rolling-back"]);
    expect(previewsOf(notices.previews, undefined)).toEqual([]);
  });

  test("is told apart by stakeholder, channel and address", () => {
    expect(new Set(notices.matrix.map(keyOf)).size).toBe(notices.matrix.length);
  });
});

describe("the ledger", () => {
  test("counts a digest as delivered, and nothing that waits as sent", () => {
    expect(outcomes(notices.ledger)).toEqual({ delivered: 7, failed: 1, waiting: 1 });
  });

  test("knows whether somebody still has to read", () => {
    expect(isUnread(notices)).toBe(true);
    expect(isUnread({ ...notices, ledger: [] })).toBe(false);
  });
});
