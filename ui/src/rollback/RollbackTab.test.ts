import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../api/api";
import type { Fake } from "../api/fake";
import { row } from "../api/fixtures/row";
import { story } from "../api/fixtures/story";
import { onkeydown } from "../shared/actions.svelte";
import RollbackTab from "./RollbackTab.svelte";

let core: Fake;

async function open(name: string, told = "full"): Promise<void> {
  core = story(told);
  connect(core);
  render(RollbackTab, { release: await row(name) });
  await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
}

const slider = () => screen.getByRole("slider", { name: "Moment of the release" });

beforeEach(() => window.addEventListener("keydown", onkeydown));
afterEach(() => {
  window.removeEventListener("keydown", onkeydown);
  cleanup();
});

describe("the rollback tab", () => {
  test("opens a planned release at its worst moment, in a sentence", async () => {
    await open("shop-2.4.1");
    expect(screen.getByText(/^From .*, going back takes 2–4 min,/)).toBeTruthy();
    expect(screen.getByText(/touches 7 nodes/)).toBeTruthy();
  });

  test("opens a running release at the moment that it has reached", async () => {
    await open("shop-2.4");
    expect(slider().getAttribute("aria-valuetext")).toContain("orders 25 %");
  });

  test("moves by the arrow keys and goes to now with Home, from anywhere", async () => {
    await open("shop-2.4.1");
    const before = Number(slider().getAttribute("aria-valuenow"));
    await fireEvent.keyDown(document.body, { key: "ArrowLeft" });
    expect(Number(slider().getAttribute("aria-valuenow"))).toBe(before - 1);
    await fireEvent.keyDown(document.body, { key: "Home" });
    expect(slider().getAttribute("aria-valuenow")).toBe("0");
    expect(screen.getByText(/there is nothing to take back/)).toBeTruthy();
    await fireEvent.keyDown(slider(), { key: "ArrowRight" });
    expect(slider().getAttribute("aria-valuenow")).toBe("1");
  });

  test("says what stays, that nobody has to approve, and what is looked at afterwards", async () => {
    await open("shop-2.4.1");
    expect(screen.getByText(/orders-db\/expand stays: the old version lives beside it/)).toBeTruthy();
    expect(screen.getByText(/A rollback never waits for a freeze/)).toBeTruthy();
    expect(screen.getByText(/The health of the old version of .*orders/)).toBeTruthy();
  });

  test("rehearses with R, once, and keeps what came of it", async () => {
    await open("shop-2.4.1");
    expect(screen.getByText(/Not rehearsed since/)).toBeTruthy();
    await fireEvent.keyDown(document.body, { key: "r" });
    await screen.findByText("went through on this plan");
    expect(screen.getByText("20 × succeeded")).toBeTruthy();
    expect(core.calls.filter((called) => called.name === "rehearse")).toHaveLength(1);
  });

  test("shows a rehearsal that failed, with what to do", async () => {
    await open("shop-2.4.1");
    core.script("rehearse", () => Promise.reject(new Error("the file has a problem")));
    await fireEvent.keyDown(document.body, { key: "r" });
    expect((await screen.findByRole("alert")).textContent).toContain("the file has a problem");
  });

  test("has a face for a release without a node", async () => {
    await open("shop-2.4.1", "empty");
    expect(screen.getByText(/no steps yet/)).toBeTruthy();
  });

  test("shows hostile labels as text", async () => {
    await open("shop-2.4.1", "hostile");
    expect(document.querySelector("img")).toBeNull();
    expect(document.body.textContent).not.toContain("\u202E");
  });
});
