import { describe, expect, test } from "vitest";
import { caps, chord, isTyping } from "./keys";

const pressed = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe("a chord", () => {
  test("is written as the registry writes it", () => {
    expect(chord(pressed("k", { ctrlKey: true }))).toBe("Ctrl+K");
    expect(chord(pressed("R", { shiftKey: true }))).toBe("Shift+R");
    expect(chord(pressed("g"))).toBe("G");
    expect(chord(pressed("F8"))).toBe("F8");
  });

  test("takes a sign as what Shift made of a key", () => {
    expect(chord(pressed("?", { shiftKey: true }))).toBe("?");
    expect(chord(pressed("/", { shiftKey: true }))).toBe("/");
  });

  test("is the same on a keyboard with a command key", () => {
    expect(chord(pressed("k", { metaKey: true }))).toBe("Ctrl+K");
  });

  test("is drawn with signs that people know from their keys", () => {
    expect(caps("Shift+ArrowLeft")).toEqual(["Shift", "←"]);
    expect(caps("Enter")).toEqual(["↵"]);
  });
});

describe("what is typed", () => {
  test("never is a shortcut, but for the palette", () => {
    const input = document.createElement("input");
    expect(isTyping(input, "G")).toBe(true);
    expect(isTyping(input, "Shift+R")).toBe(true);
    expect(isTyping(input, "Ctrl+K")).toBe(false);
  });

  test("leaves Enter to the button that has the focus", () => {
    const button = document.createElement("button");
    expect(isTyping(button, "Enter")).toBe(true);
    expect(isTyping(button, "G")).toBe(false);
  });
});
