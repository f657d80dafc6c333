import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../api/api";
import { row } from "../api/fixtures/row";
import { story } from "../api/fixtures/story";
import { onkeydown } from "../shared/actions.svelte";
import { choose } from "../shared/settings.svelte";
import TimelineTab from "./TimelineTab.svelte";

async function open(name: string): Promise<void> {
  connect(story("full"));
  render(TimelineTab, { release: await row(name) });
  await waitFor(() => expect(screen.queryByText("Loading")).toBeNull());
  await screen.findByRole("table");
}

beforeEach(() => {
  choose({ zone: "Europe/Berlin" });
  window.addEventListener("keydown", onkeydown);
});
afterEach(() => {
  window.removeEventListener("keydown", onkeydown);
  choose({ zone: "" });
  cleanup();
});

describe("the timeline tab", { timeout: 20_000 }, () => {
  test("says how long it takes from P50 to P90, along which nodes, and names the zone once", async () => {
    await open("shop-2.4.1");
    expect(screen.getByText(/^It takes 2 h 25 – 2 h 32,/)).toBeTruthy();
    expect(screen.getByText("times in Berlin")).toBeTruthy();
    expect(screen.getByText("91 % inside the window")).toBeTruthy();
  });

  test("has a table for who cannot see the chart", async () => {
    await open("shop-2.4.1");
    const table = screen.getByRole("table", { name: /When each node/ });
    expect(within(table).getAllByRole("row")).toHaveLength(8);
    expect(within(table).getByRole("row", { name: /orders-db/ }).textContent).toContain("1 approval");
  });

  test("chooses nodes and shows their steps with the keyboard alone", async () => {
    await open("shop-2.4.1");
    await fireEvent.keyDown(document.body, { key: "j" });
    expect(screen.getByRole("heading", { name: "Steps of orders-db" })).toBeTruthy();
    await fireEvent.keyDown(document.body, { key: "t" });
    expect(screen.getByRole("radio", { name: "Table" }).getAttribute("aria-checked")).toBe("true");
  });

  test("shows beside the plan of a running release what really ran", async () => {
    await open("shop-2.4");
    const table = screen.getByRole("table", { name: /When each node/ });
    await waitFor(() => expect(within(table).getByRole("row", { name: /^orders since|^orders .*since/ })).toBeTruthy());
  });
});
