import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../api/api";
import type { Fake } from "../api/fake";
import { row } from "../api/fixtures/row";
import { story } from "../api/fixtures/story";
import { Failure } from "../api/wire";
import { onkeydown } from "../shared/actions.svelte";
import PollTab from "./PollTab.svelte";

let core: Fake;

async function open(name: string, told = "full"): Promise<void> {
  core = story(told);
  connect(core);
  render(PollTab, { release: await row(name) });
  await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
}

const press = (key: string) => fireEvent.keyDown(document.body, { key });
const calls = (name: string) => core.calls.filter((called) => called.name === name).map((called) => called.args);

beforeEach(() => window.addEventListener("keydown", onkeydown));
afterEach(() => {
  window.removeEventListener("keydown", onkeydown);
  cleanup();
});

describe("the go/no-go tab", { timeout: 20_000 }, () => {
  test("says in words how the poll stands and what is missing", async () => {
    await open("shop-2.4.1");
    expect(screen.getByText("Hold")).toBeTruthy();
    expect(screen.getByText("3 votes, 2 checklist items, 1 other reason")).toBeTruthy();
    expect(screen.getByText("2 votes are void because the plan changed: orders needs other nodes.")).toBeTruthy();
  });

  test("votes with G after a confirming sheet, for the caller's own position", async () => {
    await open("shop-2.4.1");
    await press("g");
    await screen.findByText("Operations: go?");
    await fireEvent.click(screen.getByRole("button", { name: "Say go" }));
    await waitFor(() => expect(calls("vote")).toHaveLength(1));
    expect(calls("vote")[0]).toMatchObject({ release: "shop-2.4.1", do: "vote", stage: "start", role: "Operations", vote: "go" });
  });

  test("takes a condition with C, and sends nothing before it has words", async () => {
    await open("shop-2.4.1");
    await press("c");
    const field = await screen.findByLabelText("What must hold");
    await fireEvent.input(field, { target: { value: "PSP answers" } });
    await fireEvent.submit(field.closest("form") ?? field);
    await waitFor(() => expect(calls("vote")).toHaveLength(1));
    expect(calls("vote")[0]).toMatchObject({ vote: { condition: { item: "PSP answers" } } });
  });

  test("keeps the sheet open and says why where the core refuses", async () => {
    await open("shop-2.4.1");
    core.script("vote", () => Promise.reject(new Failure("refused", "priya may not vote for Operations", "ask ruth")));
    await press("n");
    await fireEvent.click(await screen.findByRole("button", { name: "Say no-go" }));
    expect((await screen.findByRole("alert")).textContent).toContain("ask ruth");
    expect(screen.getByText("Operations: no-go?")).toBeTruthy();
  });

  test("chooses positions with the arrow keys", async () => {
    await open("shop-2.4.1");
    await press("ArrowUp");
    expect(screen.getByRole("button", { name: "Choose Support" }).getAttribute("aria-pressed")).toBe("true");
  });

  test("ticks the chosen item with T", async () => {
    await open("shop-2.4.1");
    await press("t");
    await fireEvent.input(await screen.findByLabelText("Evidence"), { target: { value: "https://status.example.com" } });
    await fireEvent.click(screen.getByRole("button", { name: "Answer" }));
    await waitFor(() => expect(calls("checklist").some((args) => args["action"])).toBe(true));
    expect(calls("checklist").find((args) => args["action"])).toMatchObject({
      action: { tick: { item: "pre-deployment/comms", result: "pass", evidence: "https://status.example.com" } },
    });
  });

  test("shows what a file may reach before its items run", async () => {
    await open("shop-2.4.1");
    const answer = core.call.bind(core);
    core.call = (name, args) =>
      JSON.stringify(args).includes('"confirmed":"earlier"')
        ? Promise.reject(new Failure("not-confirmed", "nobody has confirmed what this file may reach"))
        : answer(name, args);
    await fireEvent.click(screen.getAllByRole("button", { name: "look now" })[0] ?? document.body);
    await screen.findByText("GET http://127.0.0.1:9100/psp");
    await fireEvent.click(screen.getByRole("button", { name: "Confirm and look" }));
    await waitFor(() => expect(calls("checklist").at(-2)).toMatchObject({ action: { check: { confirmed: "yes" } } }));
  });

  test("offers to put a plan before people that nobody has seen", async () => {
    await open("catalog-6.0");
    await fireEvent.click(await screen.findByRole("button", { name: "Put the plan before people" }));
    await waitFor(() => expect(calls("checklist").some((args) => String(args["release"]).endsWith("catalog-6.0.yaml"))).toBe(true));
  });

  test("says that all have said go", async () => {
    await open("shop-2.4");
    expect(screen.getByText("Nothing is missing")).toBeTruthy();
  });

  test("shows hostile names and links as text", async () => {
    await open("search-9.2", "hostile");
    expect(document.querySelector("script, img")).toBeNull();
    expect([...document.querySelectorAll("a")].map((link) => link.getAttribute("href"))).not.toContain("javascript:alert(1)");
    expect(screen.getByText("javascript:alert(1)")).toBeTruthy();
    expect(document.body.textContent).not.toContain("\u202E");
  });
});
