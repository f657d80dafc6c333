import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../api/api";
import type { Fake } from "../api/fake";
import { row } from "../api/fixtures/row";
import { story } from "../api/fixtures/story";
import { Failure } from "../api/wire";
import { onkeydown } from "../shared/actions.svelte";
import { route } from "../shared/router.svelte";
import ReportTab from "./ReportTab.svelte";

let core: Fake;

async function open(name: string, told = "full"): Promise<void> {
  core = story(told);
  connect(core);
  render(ReportTab, { release: await row(name) });
  await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
}

const calls = (name: string) => core.calls.filter((called) => called.name === name).map((called) => called.args);

beforeEach(() => window.addEventListener("keydown", onkeydown));
afterEach(() => {
  window.removeEventListener("keydown", onkeydown);
  cleanup();
});

describe("the report tab", { timeout: 20_000 }, () => {
  test("tells an incident with its evidence and what was undone", async () => {
    await open("checkout-1.9");
    expect(screen.getByRole("heading", { level: 2, name: "Checkout redesign rolled back" })).toBeTruthy();
    expect(screen.getByRole("img", { name: "error-rate of orders, new beside old" })).toBeTruthy();
    expect(screen.getAllByText("rolled back").length).toBeGreaterThanOrEqual(4);
  });

  test("lets nobody edit a line of the machine, and leads it to the journal with O", async () => {
    await open("checkout-1.9");
    expect(document.querySelector("[contenteditable], textarea")).toBeNull();
    await fireEvent.click(screen.getAllByRole("button", { name: "Journal entry #404" })[0] ?? document.body);
    expect(screen.getByText("#404 bake-judged")).toBeTruthy();
    await fireEvent.keyDown(document.body, { key: "o" });
    expect(route()).toMatchObject({ screen: "journal", rest: "checkout-1.9" });
  });

  test("puts a sentence of a person into the record, in its place", async () => {
    await open("checkout-1.9");
    await fireEvent.click(screen.getByRole("button", { name: "What is to be done?" }));
    await fireEvent.input(screen.getByRole("textbox", { name: "What is to be done?" }), { target: { value: "Test at 2,000 a minute" } });
    await fireEvent.input(screen.getByLabelText("Who does it"), { target: { value: "orders-team" } });
    await fireEvent.input(screen.getByLabelText("Tags, with commas between them"), { target: { value: "psp, load" } });
    await fireEvent.click(screen.getByRole("button", { name: "Put it into the record" }));
    await waitFor(() => expect(calls("steer")).toHaveLength(1));
    expect(calls("steer")[0]).toMatchObject({ release: "checkout-1.9", do: "note", topic: "action", text: "Test at 2,000 a minute", tags: ["psp", "load"], owner: "orders-team" });
  });

  test("keeps what was written where it could not be saved", async () => {
    await open("checkout-1.9");
    core.script("steer", () => Promise.reject(new Failure("driven", "nobody answers", "try again")));
    await fireEvent.click(screen.getByRole("button", { name: "What went well?" }));
    await fireEvent.input(screen.getByRole("textbox", { name: "What went well?" }), { target: { value: "The judge" } });
    await fireEvent.click(screen.getByRole("button", { name: "Put it into the record" }));
    expect((await screen.findByRole("alert")).textContent).toContain("nobody answers");
    expect(screen.getByDisplayValue("The judge")).toBeTruthy();
  });

  test("exports in a format for a reader with X", async () => {
    const made: string[] = [];
    URL.createObjectURL = (blob) => `blob:${made.push(blob instanceof Blob ? blob.type : "")}`;
    URL.revokeObjectURL = () => undefined;
    HTMLAnchorElement.prototype.click = function click() {
      made.push(this.download);
    };
    await open("nightly-8");
    await fireEvent.keyDown(document.body, { key: "x" });
    await fireEvent.click(await screen.findByRole("radio", { name: "CSV, timeline" }));
    await fireEvent.click(screen.getByRole("radio", { name: "Customers" }));
    await fireEvent.click(screen.getByRole("button", { name: "Save nightly-8-report.csv" }));
    await waitFor(() => expect(made).toContain("nightly-8-report.csv"));
    expect(calls("report").at(-1)).toEqual({ release: "nightly-8", format: "csv", profile: "customer" });
  });

  test("has a face for a release that has not run", async () => {
    await open("shop-2.4.1");
    expect(screen.getByText(/has not run yet/)).toBeTruthy();
    expect(calls("report")).toEqual([]);
  });

  test("shows a hostile record as text", async () => {
    await open("checkout-1.9", "hostile");
    expect(document.querySelector("article img, article a")).toBeNull();
    expect(document.body.textContent).not.toContain("\u202E");
    expect(document.body.textContent).toContain("⟨U+202E⟩");
  });
});
