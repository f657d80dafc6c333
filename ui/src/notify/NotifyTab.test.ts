import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../api/api";
import type { Fake } from "../api/fake";
import { row } from "../api/fixtures/row";
import { story } from "../api/fixtures/story";
import { onkeydown } from "../shared/actions.svelte";
import NotifyTab from "./NotifyTab.svelte";

let core: Fake;

async function open(name: string, told = "full"): Promise<void> {
  core = story(told);
  connect(core);
  render(NotifyTab, { release: await row(name) });
  await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
}

const calls = (name: string) => core.calls.filter((called) => called.name === name).map((called) => called.args);

beforeEach(() => window.addEventListener("keydown", onkeydown));
afterEach(() => {
  window.removeEventListener("keydown", onkeydown);
  cleanup();
});

describe("the communications tab", () => {
  test("says in a sentence what was sent and what was not", async () => {
    await open("shop-2.4");
    expect(screen.getByText("7 messages delivered, 1 failed, 1 waiting.")).toBeTruthy();
    expect(screen.getByText("the channel answered 410 Gone")).toBeTruthy();
  });

  test("shows what a stakeholder would read in their own words", async () => {
    await open("shop-2.4");
    await fireEvent.keyDown(document.body, { key: "j" });
    expect(screen.getByRole("complementary", { name: "What Support would read" }).textContent).toContain("What it means for you");
  });

  test("acknowledges one message, or all with A", async () => {
    await open("shop-2.4");
    await fireEvent.click(screen.getAllByRole("button", { name: /^I have read it/ })[0] ?? document.body);
    await waitFor(() => expect(calls("acknowledge")).toEqual([{ release: "shop-2.4", notice: 5 }]));
    await fireEvent.keyDown(document.body, { key: "a" });
    await waitFor(() => expect(calls("acknowledge").at(-1)).toEqual({ release: "shop-2.4", notice: undefined }));
  });

  test("says honestly that nobody is told", async () => {
    await open("catalog-6.0");
    expect(await screen.findByText(/Nobody is told anything of this release/)).toBeTruthy();
  });

  test("asks about the file of a release that has not run", async () => {
    await open("shop-2.4.1");
    expect(calls("notices")[0]).toEqual({ release: "/srv/releases/shop-2.4.1.yaml" });
    expect(screen.getByText(/Nothing was sent yet/)).toBeTruthy();
  });

  test("shows hostile names and messages as text", async () => {
    await open("shop-2.4", "hostile");
    expect(document.querySelector("img, a[href^=javascript]")).toBeNull();
    expect(document.body.textContent).not.toContain("\u202E");
  });
});
