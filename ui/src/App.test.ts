import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import App from "./App.svelte";
import { connect } from "./api/api";
import type { Fake } from "./api/fake";
import { story } from "./api/fixtures/story";
import { go } from "./shared/router.svelte";
import { choose } from "./shared/settings.svelte";
import { endTour } from "./releases/tour.svelte";

let core: Fake;

async function open(name: string): Promise<void> {
  core = story(name);
  connect(core);
  render(App);
  // Screens load when they are first shown.
  await waitFor(() => expect(screen.queryByText("Loading")).toBeNull(), { timeout: 15_000 });
}

const press = (key: string, held: object = {}) => fireEvent.keyDown(document.body, { key, ...held });
const named = (name: string) => core.calls.filter((called) => called.name === name);

beforeEach(() => {
  location.hash = "#/releases";
  go({ screen: "releases" });
  choose({ letters: true });
});
afterEach(() => {
  cleanup();
  endTour();
});

describe("the page", { timeout: 30_000 }, () => {
  test("tells what runs, what is next and what happened", async () => {
    await open("full");
    await screen.findByText("Next");
    expect(screen.getByRole("region", { name: "Running now: shop-2.4" })).toBeTruthy();
    expect(screen.getAllByText("search-9.2").length).toBeGreaterThan(0);
    expect(screen.getAllByText("billing-3.2").length).toBeGreaterThan(0);
  });

  test("shows the text of a hostile release as text, with what hides in it", async () => {
    await open("hostile");
    await screen.findAllByText("<img src=x onerror=alert(1)>");
    expect(document.querySelector("img")).toBeNull();
    expect(document.body.textContent).not.toContain("\u202E");
    expect(document.body.textContent).toContain("⟨U+202E⟩");
  });

  test("says what failed and what to do, and tries again", async () => {
    await open("failed");
    const alert = (await screen.findAllByRole("alert"))[0];
    expect(alert?.textContent).toContain("End the other program");
    expect(screen.getAllByRole("button", { name: "Try again" }).length).toBeGreaterThan(0);
  });

  test("opens the palette with Ctrl+K and performs what is chosen there", async () => {
    await open("full");
    await press("k", { ctrlKey: true });
    const field = await screen.findByRole("combobox");
    await fireEvent.input(field, { target: { value: "go to insights" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(location.hash).toBe("#/insights"));
  });

  test("shows on ? what can be done here", async () => {
    await open("full");
    await press("?", { shiftKey: true });
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).getByText("Make a new release")).toBeTruthy();
  });

  test("leaves single letters alone where a person turned them off", async () => {
    await open("full");
    choose({ letters: false });
    await press("n");
    expect(screen.queryByRole("dialog")).toBeNull();
    await press("?", { shiftKey: true });
    expect(await screen.findByRole("dialog")).toBeTruthy();
  });

  test("rolls back with one key and one confirmation, and asks before", async () => {
    await open("full");
    core.script("steer", { run: "shop-2.4", command: "rollback", message: "taken", needs_resume: false });
    await press("R", { shiftKey: true });
    const sheet = await screen.findByRole("dialog");
    await waitFor(() => expect(sheet.textContent).toContain("Going back takes"));
    expect(named("steer")).toEqual([]);
    await fireEvent.click(within(sheet).getByRole("button", { name: "Roll back" }));
    await waitFor(() => expect(named("steer").map((called) => called.args)).toEqual([{ release: "shop-2.4", do: "rollback" }]));
  });

  test("leads a newcomer from nothing to a rehearsed and rolled-back sample", async () => {
    await open("empty");
    core.script("rehearse", (args: Record<string, unknown>) => ({
      seed: 1,
      outcome: Array.isArray(args["fail"]) ? "rolled-back" : "succeeded",
      took_ms: 6_232_950,
      events: [],
    }));
    await fireEvent.click(await screen.findByRole("button", { name: "Try the sample release" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Rehearse the release" }));
    expect((await screen.findAllByText(/It succeeded after 1 h 44/)).length).toBeGreaterThan(0);
    await fireEvent.click(await screen.findByRole("button", { name: "Rehearse a failure" }));
    expect((await screen.findAllByText(/the release was rolled back/)).length).toBeGreaterThan(0);
    await fireEvent.click(await screen.findByRole("button", { name: "Done" }));
  });

  test("walks along the releases with J and K", async () => {
    await open("full");
    await screen.findByText("Next");
    await press("j");
    const first = document.activeElement;
    await fireEvent.keyDown(document.activeElement ?? document.body, { key: "j" });
    expect(document.activeElement).not.toBe(first);
    await fireEvent.keyDown(document.activeElement ?? document.body, { key: "k" });
    expect(document.activeElement).toBe(first);
  });

  test("declares a freeze only when it is complete", async () => {
    await open("full");
    await press("f");
    const sheet = await screen.findByRole("dialog");
    await fireEvent.click(within(sheet).getByRole("button", { name: "Declare" }));
    expect(named("freeze").every((called) => called.args["do"] === "list")).toBe(true);
    const fill = (label: string, value: string) => fireEvent.input(within(sheet).getByLabelText(label), { target: { value } });
    await fill("Name", "Year end");
    await fill("Why", "stock taking");
    await fill("Begins", "2026-12-11T00:00");
    await fill("Ends", "2027-01-04T00:00");
    await fill("Environments", "production, staging");
    await fireEvent.click(within(sheet).getByRole("button", { name: "Declare" }));
    await waitFor(() => expect(named("freeze").find((called) => called.args["do"] === "add")?.args["freeze"]).toMatchObject({
      name: "Year end",
      period: { opens: "2026-12-11T00:00", closes: "2027-01-04T00:00" },
      scope: { environments: ["production", "staging"], services: [] },
    }));
  });

  test("goes to the tabs of a release with their numbers", async () => {
    location.hash = "#/release/search-9.2/report";
    go({ screen: "release", release: "search-9.2", tab: "report" });
    await open("full");
    await waitFor(() => expect(screen.getByRole("navigation", { name: "Tabs of the release" })).toBeTruthy());
    await press("5");
    await waitFor(() => expect(location.hash).toBe("#/release/search-9.2/communications"));
  });

  test("never breaks where the core says that something changed", async () => {
    const warned = vi.spyOn(console, "error");
    await open("full");
    for (const topic of ["runs", "run", "releases", "freezes", "readiness"] as const) core.change({ topic });
    await waitFor(() => expect(named("list").length).toBeGreaterThan(1));
    expect(warned).not.toHaveBeenCalled();
  });
});
