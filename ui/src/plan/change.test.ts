import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { edit } from "./change";
import { copy, paste } from "./text/clipboard";
import { NotEditable } from "./text/source";

const FILE = `# The checkout redesign.
gantry: 1
release: shop   # its id

connections:
  prod:   { simulated: {} }
  edge:   { simulated: {} }

nodes:
  # Only adds.
  orders-db:
    kind: database
    strategy:
      expand-contract:
        expand: up.sql
        contract: { sql: down.sql, after: [orders], soak: 1h }

  # Judged step by step.
  orders:
    kind: app
    needs: [orders-db:expanded]        # a milestone
    version: { from: 2.3.1, to: 2.4.0 }
    strategy: canary
    owner: orders-team   # asks first

  web:
    kind: app
    needs:
      - orders       # the API
      - { node: orders-db, milestone: verified }
    estimate: 12m
# the end
`;

const lineCount = (text: string) => text.split("\n").length;
const comments = (text: string) => text.split("\n").filter((line) => line.includes("#")).length;
/** The lines that are in one text and not in the other. */
function changed(before: string, after: string): string[] {
  const old = new Set(before.split("\n"));
  return after.split("\n").filter((line) => !old.has(line));
}

describe("an edge", () => {
  it("is added to a list on one line and leaves its comment", () => {
    const after = edit(FILE, { do: "connect", from: { node: "web" }, to: "orders" });
    expect(changed(FILE, after)).toEqual(["    needs: [orders-db:expanded, web]        # a milestone"]);
  });

  it("is added to a list of several lines as one more line", () => {
    const after = edit(FILE, { do: "connect", from: { node: "search", milestone: "live" }, to: "web" });
    expect(changed(FILE, after)).toEqual(["      - search:live"]);
    expect(comments(after)).toBe(comments(FILE));
  });

  it("makes the list where there is none, in its usual place", () => {
    const after = edit(FILE, { do: "connect", from: { node: "web" }, to: "orders-db" });
    expect(after).toContain("    kind: database\n    needs: [web]\n    strategy:");
  });

  it("takes the place of an edge from the same node", () => {
    const after = edit(FILE, { do: "connect", from: { node: "orders-db", milestone: "verified" }, to: "orders" });
    expect(changed(FILE, after)).toEqual(["    needs: [orders-db:verified]        # a milestone"]);
  });

  it("cannot lead back to its own node", () => {
    expect(() => edit(FILE, { do: "connect", from: { node: "web" }, to: "web" })).toThrow(NotEditable);
  });

  it("is taken out of either kind of list, and the list goes with its last entry", () => {
    const apart = edit(FILE, { do: "disconnect", from: "orders-db", to: "web" });
    expect(parse(apart).nodes.web.needs).toEqual(["orders"]);
    expect(parse(edit(apart, { do: "disconnect", from: "orders", to: "web" })).nodes.web).not.toHaveProperty("needs");
    expect(parse(edit(FILE, { do: "disconnect", from: "orders-db", to: "orders" })).nodes.orders).not.toHaveProperty("needs");
  });

  it("that is led to another node keeps its milestone, and loses it from another node", () => {
    const led = edit(FILE, { do: "reconnect", from: "orders-db", to: "orders", newFrom: "orders-db", newTo: "web" });
    expect(parse(led).nodes.web.needs).toEqual(["orders", "orders-db:expanded"]);
    const other = edit(FILE, { do: "reconnect", from: "orders-db", to: "orders", newFrom: "web", newTo: "orders" });
    expect(parse(other).nodes.orders.needs).toEqual(["web"]);
  });
});

describe("a node", () => {
  it("is added behind the others, apart from them by a blank line", () => {
    const after = edit(FILE, { do: "add", id: "web", body: { kind: "flag", needs: ["orders"] } });
    expect(after).toContain("    estimate: 12m\n\n  web-2:\n    kind: flag\n    needs: [orders]\n# the end\n");
  });

  it("is the first one where there are none yet", () => {
    for (const text of ["gantry: 1\n", "gantry: 1\nnodes:\n", "gantry: 1\nnodes: {}\n", "gantry: 1"]) {
      expect(parse(edit(text, { do: "add", id: "web", body: { kind: "app" } }))).toEqual({
        gantry: 1,
        nodes: { web: { kind: "app" } },
      });
    }
  });

  it("is removed with its own comment and every mention of it", () => {
    const after = edit(FILE, { do: "remove", nodes: ["orders"] });
    expect(after).not.toContain("Judged step by step");
    expect(parse(after).nodes).toEqual({
      "orders-db": {
        kind: "database",
        strategy: { "expand-contract": { expand: "up.sql", contract: { sql: "down.sql", soak: "1h" } } },
      },
      web: { kind: "app", needs: [{ node: "orders-db", milestone: "verified" }], estimate: "12m" },
    });
    expect(after).not.toMatch(/\n\n\n/);
  });

  it("is removed as the last one", () => {
    const after = edit(FILE, { do: "remove", nodes: ["orders-db", "orders", "web"] });
    expect(parse(after).nodes).toEqual({});
    expect(parse(edit(after, { do: "add", id: "web", body: { kind: "app" } })).nodes).toEqual({ web: { kind: "app" } });
  });

  it("is renamed wherever it is mentioned, and nothing else changes", () => {
    const after = edit(FILE, { do: "rename", node: "orders", to: "ordering" });
    expect(lineCount(after)).toBe(lineCount(FILE));
    expect(after).toContain("after: [ordering], soak: 1h");
    expect(after).toContain("      - ordering       # the API");
    expect(parse(after).nodes.ordering.owner).toBe("orders-team");
    expect(() => edit(FILE, { do: "rename", node: "orders", to: "web" })).toThrow("there already");
    expect(() => edit(FILE, { do: "rename", node: "orders", to: "a b" })).toThrow("cannot be an id");
  });

  it("is copied with its comments and pasted under a free name, its edges with it", () => {
    const copied = copy(FILE, new Set(["orders", "web"]));
    expect(copied).toContain("# Judged step by step.");
    const { text, ids } = paste(FILE, copied);
    expect(ids).toEqual(["orders-2", "web-2"]);
    expect(parse(text).nodes["web-2"].needs).toEqual(["orders-2", { node: "orders-db", milestone: "verified" }]);
    expect(text.startsWith(FILE.slice(0, FILE.indexOf("# the end")))).toBe(true);
    expect(parse(paste("gantry: 1\n", copied).text).nodes.orders.version.to).toBe("2.4.0");
  });

  it("is not pasted from a clipboard that holds something else", () => {
    expect(() => paste(FILE, "hello")).toThrow(NotEditable);
    expect(() => paste(FILE, "a: 1")).toThrow("holds no nodes");
  });
});

describe("a setting", () => {
  it("is replaced where it stands", () => {
    const after = edit(FILE, { do: "set", path: ["nodes", "orders", "owner"], value: "pay-team" });
    expect(changed(FILE, after)).toEqual(["    owner: pay-team   # asks first"]);
  });

  it("is added on a line of its own, or between braces", () => {
    const line = edit(FILE, { do: "set", path: ["nodes", "orders", "estimate"], value: "65m" });
    expect(line).toContain("    strategy: canary\n    estimate: 65m\n    owner: orders-team   # asks first\n");
    const braces = edit(FILE, { do: "set", path: ["nodes", "orders", "version", "to"], value: "2.5.0" });
    expect(changed(FILE, braces)).toEqual(["    version: { from: 2.3.1, to: 2.5.0 }"]);
  });

  it("turns a bare strategy into one with settings", () => {
    const after = edit(FILE, { do: "set", path: ["nodes", "orders", "strategy", "canary", "bake"], value: "15m" });
    expect(changed(FILE, after)).toEqual(["    strategy: { canary: { bake: 15m } }"]);
  });

  it("replaces lines by one line where a whole strategy is chosen", () => {
    const after = edit(FILE, { do: "set", path: ["nodes", "orders-db", "strategy"], value: "recreate" });
    expect(after).toContain("    kind: database\n    strategy: recreate\n\n  # Judged");
  });

  it("writes texts so that they are read back as texts", () => {
    for (const value of ["3.10", "true", "a: b", "it's # so", "<script>alert(1)</script>", "\u202Eevil", "-", ""]) {
      const after = edit(FILE, { do: "set", path: ["nodes", "orders", "owner"], value });
      expect(parse(after).nodes.orders.owner).toBe(value);
      expect(parse(after).nodes.web).toEqual(parse(FILE).nodes.web);
    }
  });

  it("is taken out with its line", () => {
    const after = edit(FILE, { do: "unset", path: ["nodes", "orders", "owner"] });
    expect(parse(after).nodes.orders).not.toHaveProperty("owner");
    expect(lineCount(after)).toBe(lineCount(FILE) - 1);
    expect(edit(FILE, { do: "unset", path: ["nodes", "orders", "nothing"] })).toBe(FILE);
  });
});

it("a text that is not YAML is refused with a sentence and its line", () => {
  const act = () => edit("nodes:\n  a: [\n", { do: "remove", nodes: ["a"] });
  expect(act).toThrow(NotEditable);
  expect(() => edit("- a\n", { do: "remove", nodes: ["a"] })).toThrow("a map of keys and values");
});

it("random edits leave a file that is read back, with all comments of what was not removed", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  let text = FILE;
  for (let round = 0; round < 120; round++) {
    const ids: string[] = Object.keys(parse(text).nodes);
    const from = ids[random(ids.length)] ?? "";
    const to = ids[random(ids.length)] ?? "";
    const before = parse(text);
    switch (random(5)) {
      case 0:
        text = edit(text, { do: "add", id: `n${round}`, body: { kind: "app", needs: [to] } });
        break;
      case 1:
        if (from !== to) text = edit(text, { do: "connect", from: { node: from }, to });
        break;
      case 2:
        text = edit(text, { do: "disconnect", from, to });
        break;
      case 3:
        text = edit(text, { do: "set", path: ["nodes", to, "estimate"], value: `${round}m` });
        break;
      default:
        if (ids.length > 4 && to.startsWith("n")) text = edit(text, { do: "remove", nodes: [to] });
    }
    expect(parse(text).connections, `seed 7, round ${round}`).toEqual(before.connections);
    expect(text).toContain("# Judged step by step.");
    expect(text).toContain("# the end");
  }
});
