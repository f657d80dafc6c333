import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const SRC = resolve(import.meta.dirname);
const BASE = ["api", "kit", "shared", "texts"];

/** What a folder may import beside itself. A folder that is not named here may use the base only. */
const MAY: Record<string, string[]> = {
  api: [],
  texts: ["shared"],
  shared: ["api", "kit", "texts"],
  // The plan and the launch room draw the same graph, and one tab holds both poll and checklist.
  plan: [...BASE, "graph"],
  run: [...BASE, "graph"],
  poll: [...BASE, "checklist"],
};
/** Where the folders meet. */
const MEETING = ["", "routes"];

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => /\.(ts|svelte)$/.test(file));

function folderOf(file: string): string {
  const folder = dirname(file).split("/")[0] ?? "";
  return folder === "." ? "" : folder;
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
}

describe("the folders", () => {
  test("use the base and themselves, never their neighbours", () => {
    const crossings = files.flatMap((file) => {
      const folder = folderOf(file);
      if (MEETING.includes(folder)) return [];
      const may = [folder, ...(MAY[folder] ?? BASE)];
      return importsOf(file)
        .filter((target) => target.startsWith("."))
        .map((target) => folderOf(relative(SRC, resolve(SRC, dirname(file), target))))
        .filter((target) => !may.includes(target))
        .map((target) => `${file} imports ${target || "the root"}`);
    });
    expect(crossings).toEqual([]);
  });

  test("reach the window's bridge through one file", () => {
    const knowing = files.filter((file) => importsOf(file).some((target) => target.startsWith("@tauri-apps/")));
    expect(knowing).toEqual(["api/tauri.ts"]);
  });

  test("never read the text of others as markup", () => {
    const reading = files.filter(
      (file) => file.endsWith(".svelte") && /\{@html|innerHTML|insertAdjacentHTML/.test(readFileSync(join(SRC, file), "utf8")),
    );
    expect(reading).toEqual([]);
  });

  test("hold no file that is too long to read", () => {
    // What is generated is read by the compiler alone.
    const written = files.filter((file) => file !== "api/generated.ts");
    const long = written.filter((file) => readFileSync(join(SRC, file), "utf8").split("\n").length > 400);
    expect(long).toEqual([]);
  });
});
