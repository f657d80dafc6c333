import { describe, expect, test } from "vitest";
import { href, parse } from "./router.svelte";

describe("an address", () => {
  test("is read back as it was written", () => {
    const routes = [
      { screen: "releases" as const },
      { screen: "release" as const, release: "shop-2.4", tab: "go-no-go" as const },
      { screen: "release" as const, release: "a/b #1?%" },
      { screen: "journal" as const, rest: "shop-2.4#2" },
    ];
    for (const route of routes) expect(parse(href(route))).toEqual(route);
  });

  test("that nobody knows is the home screen", () => {
    expect(parse("#/nowhere")).toEqual({ screen: "releases" });
    expect(parse("")).toEqual({ screen: "releases" });
    expect(parse("#/release")).toEqual({ screen: "releases" });
    expect(parse("#/release/x/no-such-tab")).toEqual({ screen: "release", release: "x" });
  });

  test("with broken escapes is taken as it stands", () => {
    expect(parse("#/release/%E0%A4%A")).toEqual({ screen: "release", release: "%E0%A4%A" });
  });
});
