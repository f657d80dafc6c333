import { describe, expect, test } from "vitest";
import schema from "../api/fixtures/schema.json";
import { productsOf, settingsOf } from "./form";

const products = productsOf(schema);
const product = (name: string) => {
  const found = products.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`the schema has no ${name}`);
  return found;
};

describe("the form of a connection", () => {
  test("follows the schema of the release file", () => {
    expect(products.length).toBeGreaterThan(10);
    expect(product("haproxy").fields).toMatchObject([{ name: "socket", required: true, kind: "text" }]);
    expect(product("unleash").fields.find((field) => field.name === "token")).toMatchObject({ kind: "secret", required: true });
    expect(product("smtp").fields.find((field) => field.name === "port")).toMatchObject({ kind: "number", required: false });
    expect(product("smtp").fields.find((field) => field.name === "tls")?.kind).toBe("choice");
  });

  test("asks for what is required first", () => {
    for (const { fields } of products) {
      const required = fields.map((field) => field.required);
      expect(required).toEqual(required.toSorted((a, b) => Number(b) - Number(a)));
    }
  });

  test("takes a secret by its name and writes a reference", () => {
    const typed = { url: "http://flags:4242", token: "unleash-admin" };
    expect(settingsOf(product("unleash"), typed).settings["token"]).toBe("${secret:unleash-admin}");
    expect(settingsOf(product("unleash"), { ...typed, token: "${secret:unleash-admin}" }).settings["token"]).toBe("${secret:unleash-admin}");
  });

  test("refuses what looks like a secret itself", () => {
    const { problems, settings } = settingsOf(product("unleash"), { url: "http://flags", token: "*:*.964a287e1b728cb5f4f3e0120df92cb5" });
    expect(problems["token"]).toBe("reference");
    expect(settings).not.toHaveProperty("token");
  });

  test("says what is missing and what is no number", () => {
    expect(settingsOf(product("haproxy"), {}).problems).toEqual({ socket: "needed" });
    expect(settingsOf(product("smtp"), { host: "mail", port: "many" }).problems).toEqual({ port: "number" });
    expect(settingsOf(product("smtp"), { host: "mail", port: "25" }).settings).toEqual({ host: "mail", port: 25 });
  });
});
