import { describe, expect, it } from "vitest";
import { Boxes } from "./boxes";
import { type Camera, fitting, revealing, seen, toFlow, toScreen } from "./geometry";
import { hit } from "./hit";
import { distance, extent, halfway, rounded, routed } from "./lines";
import { ring } from "./ring";
import { step } from "./walk";
import { NOTHING, windowFor } from "./window";

const SCREEN = { width: 1000, height: 600 };
const card = (x: number, y: number) => ({ x, y, width: 142, height: 104 });
const many = new Boxes(Array.from({ length: 1000 }, (_, at) => [`n${at}`, card((at % 40) * 172, Math.floor(at / 40) * 136)] as const));

describe("the camera", () => {
  it("shows the plane where it says that it does", () => {
    const camera: Camera = { x: 30, y: -20, zoom: 0.5 };
    const point = { x: 111, y: 222 };
    expect(toFlow(toScreen(point, camera), camera)).toEqual(point);
    expect(seen(camera, SCREEN)).toEqual({ x: -60, y: 40, width: 2000, height: 1200 });
  });

  it("fits a box into the screen and is never closer than one to one", () => {
    const camera = fitting({ x: 0, y: 0, width: 4000, height: 400 }, SCREEN, 20);
    expect(camera.zoom).toBeCloseTo(0.24);
    expect(fitting({ x: 0, y: 0, width: 10, height: 10 }, SCREEN, 20).zoom).toBe(1);
  });

  it("moves no more than is needed to reveal a box", () => {
    const camera: Camera = { x: 0, y: 0, zoom: 1 };
    expect(revealing(card(100, 100), camera, SCREEN, 16)).toBe(camera);
    expect(revealing(card(1000, 100), camera, SCREEN, 16)).toEqual({ x: -158, y: 0, zoom: 1 });
  });
});

describe("boxes", () => {
  it("are found by place as a look at all of them finds them", () => {
    const area = { x: 300, y: 300, width: 700, height: 500 };
    const all = [...many.entries()].filter(
      ([, box]) => box.x <= 1000 && box.x + 142 >= 300 && box.y <= 800 && box.y + 104 >= 300,
    );
    expect(many.within(area)).toEqual(new Set(all.map(([id]) => id)));
  });

  it("are found at a point, and not between them", () => {
    expect(many.at({ x: 172 * 3 + 5, y: 136 * 2 + 5 })).toBe("n83");
    expect(many.at({ x: 150, y: 50 })).toBeUndefined();
  });

  it("are found where they were moved to, and nowhere else", () => {
    const boxes = new Boxes([["a", card(0, 0)]]);
    boxes.put("a", card(2000, 2000));
    expect(boxes.at({ x: 5, y: 5 })).toBeUndefined();
    expect(boxes.at({ x: 2005, y: 2005 })).toBe("a");
    boxes.remove("a");
    expect(boxes.at({ x: 2005, y: 2005 })).toBeUndefined();
  });
});

describe("the window", () => {
  it("holds what is seen and half a screen more, however many nodes there are", () => {
    const window = windowFor(many, { x: 0, y: 0, zoom: 1 }, SCREEN, NOTHING);
    expect(window.ids.has("n0")).toBe(true);
    expect(window.ids.size).toBeLessThan(80);
  });

  it("stays the same one until the screen leaves it", () => {
    const window = windowFor(many, { x: 0, y: 0, zoom: 1 }, SCREEN, NOTHING);
    expect(windowFor(many, { x: -400, y: -200, zoom: 1 }, SCREEN, window)).toBe(window);
    expect(windowFor(many, { x: -600, y: 0, zoom: 1 }, SCREEN, window)).not.toBe(window);
  });

  it("shrinks when the camera has come closer", () => {
    const wide = windowFor(many, { x: 0, y: 0, zoom: 0.4 }, SCREEN, NOTHING);
    const near = windowFor(many, { x: 0, y: 0, zoom: 1 }, SCREEN, wide);
    expect(near.ids.size).toBeLessThan(wide.ids.size / 3);
  });
});

describe("a hit", () => {
  const nodes = new Boxes([["a", card(0, 0)], ["b", card(400, 0)]]); // prettier-ignore
  const line = routed(card(0, 0), card(400, 0));
  const edges = new Boxes([["a:b", extent(line)]]);
  const at = (x: number, y: number) => hit({ x, y }, nodes, edges, () => line, 6);

  it("is a node before it is an edge, and nothing in the open", () => {
    expect(at(10, 52)).toEqual({ what: "node", id: "a" });
    expect(at(250, 55)).toEqual({ what: "edge", id: "a:b" });
    expect(at(250, 90)).toBeUndefined();
  });
});

describe("a line", () => {
  it("is straight in a row, goes across before its target, and round below when it leads back", () => {
    expect(routed(card(0, 0), card(172, 0))).toHaveLength(2);
    expect(routed(card(0, 0), card(172, 300))).toHaveLength(4);
    expect(routed(card(400, 0), card(0, 0))).toHaveLength(6);
  });

  it("knows how far a point is, its middle, and its path", () => {
    const line = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 30 }]; // prettier-ignore
    expect(distance({ x: 13, y: 10 }, line)).toBe(3);
    expect(halfway(line)).toEqual({ x: 10, y: 10 });
    expect(rounded(line, 4)).toBe("M0 0L6 0Q10 0 10 4L10 30");
    expect(rounded([])).toBe("");
  });
});

describe("the ring", () => {
  const needs = new Map([["b", ["a"]], ["c", ["b"]], ["d", ["c", "b"]]]); // prettier-ignore

  it("is the shortest one that the edge would close", () => {
    expect(ring(needs, "d", "a")).toEqual(["d", "b", "a"]);
    expect(ring(needs, "a", "a")).toEqual(["a"]);
  });

  it("is none where the edge only says again what holds", () => {
    expect(ring(needs, "a", "d")).toBeUndefined();
    expect(ring(needs, "x", "a")).toBeUndefined();
  });
});

describe("walking", () => {
  const boxes = new Map([["a", card(0, 0)], ["b", card(172, 0)], ["c", card(172, 200)], ["d", card(344, 200)]]); // prettier-ignore
  const needs = new Map([["b", ["a"]], ["c", ["a"]], ["d", ["b", "c"]]]); // prettier-ignore
  const places = {
    ids: [...boxes.keys()],
    boxOf: (id: string) => boxes.get(id),
    waveOf: (id: string) => (boxes.get(id)?.x ?? 0) / 172,
    needsOf: (id: string) => needs.get(id) ?? [],
    dependentsOf: (id: string) => [...needs].filter(([, list]) => list.includes(id)).map(([node]) => node),
  };

  it("follows edges to the nearest row, and neighbours up and down a wave", () => {
    expect(step(places, undefined, "right")).toBe("a");
    expect(step(places, "a", "right")).toBe("b");
    expect(step(places, "b", "down")).toBe("c");
    expect(step(places, "d", "left")).toBe("c");
    expect(step(places, "a", "left")).toBe("a");
    expect(step(places, "b", "up")).toBe("b");
  });

  it("reaches the next column without an edge while one is aimed", () => {
    const lonely = { ...places, needsOf: () => [], dependentsOf: () => [] };
    expect(step(lonely, "a", "right")).toBe("a");
    expect(step({ ...lonely, isAiming: true }, "a", "right")).toBe("b");
    expect(step({ ...lonely, isAiming: true }, "d", "left")).toBe("c");
  });
});
