import { beforeEach, describe, expect, test } from "vitest";
import { clock, count, dayAndTime, duration, percent, plain, range, shortHash, stopwatch } from "./format";
import { choose } from "./settings.svelte";
import { readTime, startOfDay } from "./zones";

const MINUTE = 60_000;
const BERLIN = "Europe/Berlin";

describe("durations", () => {
  test("are written as people say them", () => {
    expect(duration(50_000)).toBe("50 s");
    expect(duration(7 * MINUTE)).toBe("7 min");
    expect(duration(90 * MINUTE)).toBe("1 h 30");
    expect(duration(120 * MINUTE)).toBe("2 h");
    expect(duration(45 * 60 * MINUTE)).toBe("1.9 d");
  });

  test("are ranges of one unit where both have it", () => {
    expect(range(6 * MINUTE, 9 * MINUTE)).toBe("6–9 min");
    expect(range(50_000, 4 * MINUTE)).toBe("50 s – 4 min");
    expect(range(6 * MINUTE, 6 * MINUTE)).toBe("6 min");
    expect(range(40 * MINUTE, 90 * MINUTE)).toBe("40 min – 1 h 30");
  });

  test("stand under each other as on a stopwatch", () => {
    expect(stopwatch(24_000)).toBe("0:24");
    expect(stopwatch(605_000)).toBe("10:05");
    expect(stopwatch(3_723_000)).toBe("1:02:03");
    expect(clock(2_486_000)).toBe("00:41:26");
    expect(clock(-61_000)).toBe("00:01:01");
  });
});

describe("numbers", () => {
  test("carry what they count", () => {
    expect(count(1, "node")).toBe("1 node");
    expect(count(1200, "node")).toBe("1,200 nodes");
    expect(percent(0.035, 1)).toBe("3.5 %");
    expect(shortHash("sha256:91bc47aa")).toBe("91bc47");
  });
});

describe("times", () => {
  beforeEach(() => choose({ zone: BERLIN }));

  test("are written in the chosen zone", () => {
    expect(dayAndTime("2026-12-01T19:41:26Z")).toBe("Tue 1 Dec 20:41");
    choose({ zone: "America/New_York" });
    expect(dayAndTime("2026-12-01T19:41:26Z")).toBe("Tue 1 Dec 14:41");
  });

  test("that are none are shown as they stand", () => {
    expect(dayAndTime("soon")).toBe("soon soon");
  });

  test("without an offset are the wall clock of their zone, also when clocks change", () => {
    expect(new Date(readTime("2026-12-11T00:00", BERLIN)).toISOString()).toBe("2026-12-10T23:00:00.000Z");
    expect(new Date(readTime("2026-07-01T00:00", BERLIN)).toISOString()).toBe("2026-06-30T22:00:00.000Z");
    expect(new Date(readTime("2026-12-11T00:00:00Z", BERLIN)).toISOString()).toBe("2026-12-11T00:00:00.000Z");
    const afterTheChange = startOfDay(Date.parse("2026-10-25T12:00:00Z"), BERLIN, 1);
    expect(new Date(afterTheChange).toISOString()).toBe("2026-10-25T23:00:00.000Z");
  });
});

describe("a name of others", () => {
  test("shows what hides in it", () => {
    expect(plain("shop\u202Eknalb\u202C-2.4")).toBe("shop⟨U+202E⟩knalb⟨U+202C⟩-2.4");
    expect(plain("a\u200Bb\u0000")).toBe("a⟨U+200B⟩b⟨U+0000⟩");
  });

  test("stays as it is where nothing hides", () => {
    for (const name of ["orders-db", "Größe 7", "注文", "<img src=x onerror=alert(1)>", "שלום"]) expect(plain(name)).toBe(name);
  });
});
