import { render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { describe, expect, test } from "vitest";
import { connect } from "./api";
import { fake } from "./fake";
import { linked } from "./link.svelte";
import ResourceProbe from "./ResourceProbe.test.svelte";
import { Failure, failureOf } from "./wire";

const settled = async () => {
  await new Promise((resolve) => setTimeout(resolve));
  await tick();
};

describe("a resource", () => {
  test("shows the answer, and asks again when its topic changes", async () => {
    const core = fake({ read: 1 });
    core.script("list", [{ run: "one" }]);
    connect(core);
    render(ResourceProbe);
    await settled();
    expect(screen.getByTestId("runs").textContent).toBe("one");

    core.script("list", [{ run: "two" }]);
    core.change({ topic: "connections" });
    await settled();
    expect(screen.getByTestId("runs").textContent).toBe("one");

    core.change({ topic: "runs" });
    await settled();
    expect(screen.getByTestId("runs").textContent).toBe("two");
  });

  test("keeps what was known when a newer answer fails, and says so", async () => {
    const core = fake({ list: [{ run: "one" }] });
    connect(core);
    render(ResourceProbe);
    await settled();
    core.script("list", () => {
      throw new Failure("store-busy", "The workspace is locked.", "Try again.");
    });
    core.change({ topic: "runs" });
    await settled();
    expect(screen.getByTestId("runs").textContent).toBe("one");
    expect(screen.getByTestId("failure").textContent).toBe("The workspace is locked.");
  });

  test("never lets a slow answer replace a newer one", async () => {
    const waiting: ((answer: unknown) => void)[] = [];
    const core = fake({ list: () => new Promise((resolve) => waiting.push(resolve)) });
    connect(core);
    render(ResourceProbe);
    await settled();
    core.change({ topic: "runs" });
    await settled();
    waiting[1]?.([{ run: "new" }]);
    await settled();
    waiting[0]?.([{ run: "old" }]);
    await settled();
    expect(screen.getByTestId("runs").textContent).toBe("new");
  });
});

describe("a feed that broke off", () => {
  test("is followed by asking for everything again", async () => {
    const core = fake({ list: [{ run: "one" }] });
    connect(core);
    render(ResourceProbe);
    await settled();
    core.script("list", [{ run: "two" }]);
    core.link("lost");
    await settled();
    expect(linked()).toBe("lost");
    expect(screen.getByTestId("runs").textContent).toBe("one");
    core.link("there");
    await settled();
    expect(linked()).toBe("there");
    expect(screen.getByTestId("runs").textContent).toBe("two");
  });
});

describe("a failure", () => {
  test("is read from what the command line and the doors answer", () => {
    const inner = { code: "refused", message: "No.", hint: "Ask." };
    expect(failureOf({ error: inner })).toMatchObject(inner);
    expect(failureOf(inner)).toMatchObject(inner);
    expect(failureOf("lost").message).toBe("lost");
  });
});
