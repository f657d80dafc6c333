import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../api/api";
import type { ReleaseRow } from "../api/answers";
import { fake, type Fake } from "../api/fake";
import { runStory } from "../api/fixtures/typed";
import { actions } from "../shared/actions.svelte";
import RunTab from "./RunTab.svelte";

const ROW: ReleaseRow = { release: "shop-2.4", file: "/srv/releases/shop-2.4.yaml", name: "Checkout", environment: "production", state: "running", run: "shop-2.4", targets: [], problems: 0, updated: "2026-11-30T16:00:00Z" };

// jsdom draws nothing: a canvas there has no context, and a path nothing to be drawn on.
Object.defineProperty(globalThis, "Path2D", { value: class { rect() {} addPath() {} }, configurable: true }); // prettier-ignore
HTMLCanvasElement.prototype.getContext = () => null;

// A loaded machine takes its time to draw a whole tab for the first time.
vi.setConfig({ testTimeout: 30_000 });

let core: Fake;
beforeEach(() => {
  core = fake({
    status: runStory.status,
    journal: runStory.journal,
    show: { plan: runStory.plan },
    layout: runStory.layout,
    moments: [],
    series: { metrics: [] },
    steer: ({ do: word }: Record<string, unknown>) => ({ run: "shop-2.4", command: word, message: "taken", needs_resume: false }),
    reach: { reach: ["program ./warm-cache"], hash: "sha256:7", confirmed: false },
    start: { run: "shop-2.4" },
  });
  connect(core);
});

const asked = (name: string) => core.calls.filter((call) => call.name === name);
const perform = (id: string) => void actions().find((action) => action.id === id)?.run();

describe("the launch room", () => {
  it("says where the run stands, what going back would mean, and why each node waits", async () => {
    render(RunTab, { release: ROW });
    expect(await screen.findByText("orders at 25 %")).toBeTruthy();
    expect(screen.getByText(/touches 4 nodes/)).toBeTruthy();
    expect(screen.getByText("payments/stage waits for orders/bake-10000")).toBeTruthy();
    expect(screen.getByRole("meter", { name: "Traffic of orders on the new version" }).getAttribute("aria-valuenow")).toBe("21");
  });

  it("rolls back after the sheet is confirmed, and not before", async () => {
    render(RunTab, { release: ROW });
    await screen.findByText("orders at 25 %");
    perform("run.rollback");
    const reason = await screen.findByLabelText("Why (goes into the record)");
    expect(asked("steer")).toHaveLength(0);
    await fireEvent.input(reason, { target: { value: "too many errors" } });
    await fireEvent.click(screen.getByRole("button", { name: "Roll back now" }));
    await waitFor(() => expect(asked("steer")[0]?.args).toEqual({ release: "shop-2.4", do: "rollback", reason: "too many errors" }));
  });

  it("holds and resumes with one action", async () => {
    render(RunTab, { release: ROW });
    await screen.findByText("orders at 25 %");
    perform("run.hold");
    await waitFor(() => expect(asked("steer")[0]?.args["do"]).toBe("hold"));
    core.script("status", { ...runStory.status, changed_at: "2026-12-01T19:42:00Z", holds: [{ node: null, reason: "operator", by: "Ada", message: "held by Ada" }] });
    core.change({ topic: "run", id: "shop-2.4" });
    expect(await screen.findByText("On hold")).toBeTruthy();
    perform("run.hold");
    await waitFor(() => expect(asked("steer").at(-1)?.args["do"]).toBe("resume"));
  });

  it("asks once for a burst of changes, and not at all for those of other runs", async () => {
    render(RunTab, { release: ROW });
    await screen.findByText("orders at 25 %");
    const before = asked("status").length;
    for (let at = 0; at < 200; at++) core.change({ topic: "run", id: "shop-2.4" });
    for (let at = 0; at < 50; at++) core.change({ topic: "run", id: "another" });
    await waitFor(() => expect(asked("status").length).toBeGreaterThan(before));
    expect(asked("status").length - before).toBeLessThanOrEqual(2);
  });
});

it("a release that has not been started shows what it may reach before it starts", async () => {
  render(RunTab, { release: { ...ROW, run: undefined } });
  await fireEvent.click(screen.getByRole("button", { name: "Start…" }));
  expect(await screen.findByText("program ./warm-cache")).toBeTruthy();
  expect(asked("start")).toHaveLength(0);
  await fireEvent.click(screen.getByRole("button", { name: "Confirm and start" }));
  await waitFor(() => expect(asked("start")[0]?.args).toEqual({ release: "shop-2.4", confirmed_reach: "sha256:7" }));
});
