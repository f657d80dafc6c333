import { describe, expect, it } from "vitest";
import { Board, type Edge, type Flat } from "./board.svelte";
import { stepped } from "./lines";
import { bars, ticks } from "./strip";
import { GraphView } from "./view.svelte";

type Facts = Flat & { word: string };
const box = (x: number, y: number) => ({ x, y, width: 142, height: 104 });
const edge = (from: string, to: string): Edge => ({ id: `${from}>${to}`, from, to, points: [{ x: 0, y: 0 }, { x: 9, y: 0 }], tone: "ordinary" }); // prettier-ignore

function board() {
  const made = new Board<Facts>();
  made.arrange(
    [
      { id: "a", box: box(0, 0), wave: 0 },
      { id: "b", box: box(190, 0), wave: 1 },
      { id: "c", box: box(380, 0), wave: 2 },
    ],
    [edge("a", "b"), edge("b", "c")],
  );
  for (const id of ["a", "b", "c"]) made.tell(id, { far: "plain", word: "waits" });
  return made;
}

describe("the board", () => {
  it("keeps the facts of a node that has not changed, so that nothing is drawn again", () => {
    const made = board();
    const before = made.facts("a");
    made.tell("a", { far: "plain", word: "waits" });
    expect(made.facts("a")).toBe(before);
    const look = made.look;
    made.tell("a", { far: "plain", word: "ready" });
    expect(made.facts("a")?.word).toBe("ready");
    expect(made.look).toBe(look);
    made.tell("a", { far: "done", word: "done" });
    expect(made.look).toBeGreaterThan(look);
  });

  it("knows who needs whom, and forgets nodes that are gone", () => {
    const made = board();
    expect(made.needsOf("b")).toEqual(["a"]);
    expect(made.dependentsOf("b")).toEqual(["c"]);
    made.arrange([{ id: "a", box: box(0, 0), wave: 0 }], []);
    expect(made.facts("b")).toBeUndefined();
    expect(made.ids).toEqual(["a"]);
  });
});

describe("the view", () => {
  function view() {
    const made = new GraphView(board());
    made.screen = { width: 800, height: 600 };
    return made;
  }

  it("fits, comes closer around a point, and reveals what lies outside", () => {
    const made = view();
    made.fit();
    expect(made.camera.zoom).toBe(1);
    made.zoom(2, { x: 0, y: 0 });
    expect(made.camera.zoom).toBe(2);
    made.reveal("c");
    expect(made.camera.x).toBeLessThan(0);
    made.zoom(0.1);
    expect(made.isFar).toBe(true);
    expect(made.window.ids.size).toBe(0);
    made.fit(0.95);
    expect(made.window.ids).toEqual(new Set(["a", "b", "c"]));
  });

  it("follows the window when things move under it", () => {
    const made = view();
    made.fit();
    expect(made.window.ids.size).toBe(3);
    made.board.arrange([{ id: "z", box: box(0, 0), wave: 0 }], []);
    expect(made.window.ids).toEqual(new Set(["z"]));
  });

  it("keeps chosen nodes outside of the window chosen", () => {
    const made = view();
    made.selected = new Set(["far-away"]);
    made.chosenInWindow(["a"]);
    expect(made.selected).toEqual(new Set(["far-away", "a"]));
  });

  it("shows the ring that an edge would close while it is drawn", () => {
    const made = view();
    made.draw("c");
    made.aim("a");
    expect(made.pending?.ring).toEqual(["c", "b", "a"]);
    made.aim("b", { x: 1, y: 1 });
    expect(made.pending?.ring).toEqual(["c", "b"]);
    made.aim(undefined, { x: 2, y: 2 });
    expect(made.pending).toEqual({ from: "c", at: { x: 2, y: 2 } });
  });

  it("walks with the arrow keys, and aims with them while an edge is drawn", () => {
    const made = view();
    made.choose("a");
    expect(made.go("right")).toBe("b");
    made.draw("b");
    expect(made.go("right")).toBe("c");
    expect(made.current).toBe("b");
    expect(made.pending?.over).toBe("c");
  });
});

it("lines of the layout get corners where they change their row", () => {
  expect(stepped([[0, 0], [40, 100]])).toEqual([{ x: 0, y: 0 }, { x: 20, y: 0 }, { x: 20, y: 100 }, { x: 40, y: 100 }]); // prettier-ignore
  expect(stepped([[0, 0], [40, 0]])).toHaveLength(2); // prettier-ignore
});

it("bars that would lie on each other stand in two rows, and times on round numbers", () => {
  const times = { nodes: new Map([["a", { from: 0, to: 600_000 }], ["b", { from: 100_000, to: 200_000 }], ["c", { from: 150_000, to: 300_000 }]]) }; // prettier-ignore
  const drawn = bars(undefined, times);
  expect(drawn.bars.map((bar) => [bar.id, bar.row])).toEqual([["a", 0], ["c", 1]]); // prettier-ignore
  expect(drawn.whole).toBe(600_000);
  expect(ticks(600_000)).toEqual([0, 300_000]);
});
