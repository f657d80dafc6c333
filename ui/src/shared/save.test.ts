import { afterEach, expect, test, vi } from "vitest";
import { connect } from "../api/api";
import { fake } from "../api/fake";
import { bytes, save } from "./save";

afterEach(() => vi.restoreAllMocks());

const report = { media: "text/markdown", text: "# Report" };

test("the window keeps a document where a person says", async () => {
  const kept: object[] = [];
  connect({ ...fake({}), save: (document) => Promise.resolve(kept.push(document) > 0) });
  expect(await save(report, "shop-2-report.md")).toBe(true);
  expect(kept).toEqual([{ name: "shop-2-report.md", base64: undefined, ...report }]);
});

test("who thinks better of it has kept nothing", async () => {
  connect({ ...fake({}), save: () => Promise.resolve(false) });
  expect(await save(report, "shop-2-report.md")).toBe(false);
});

test("a browser downloads it", async () => {
  connect(fake({}));
  URL.createObjectURL = () => "blob:report";
  URL.revokeObjectURL = () => undefined;
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  expect(await save(report, "shop-2-report.md")).toBe(true);
  expect(clicked).toHaveBeenCalledOnce();
});

test("bytes are those of the text, or what Base64 says", () => {
  expect([...bytes({ media: "text/plain", base64: "aGk=" })]).toEqual([104, 105]);
});
