import type { Schema } from "../api/answers/connections";

/** A field of a connection's form, as the release file's schema describes it. */
export type FormField = {
  name: string;
  explained: string;
  required: boolean;
  kind: "text" | "secret" | "number" | "choice" | "json";
  choices: string[];
};

/** A product and the fields that it is reached with. */
export type Product = { name: string; explained: string; fields: FormField[] };

/** The products that the schema knows, in its order. */
export function productsOf(schema: Schema): Product[] {
  const connection = schema.$defs?.["Connection"];
  return (connection?.oneOf ?? []).flatMap((option) => {
    const [name, value] = Object.entries(option.properties ?? {})[0] ?? [];
    if (name === undefined || value === undefined) return [];
    return [{ name, explained: option.description ?? "", fields: fieldsOf(resolved(value, schema), schema) }];
  });
}

function fieldsOf(product: Schema, schema: Schema): FormField[] {
  const fields = Object.entries(product.properties ?? {}).flatMap(([name, value]): FormField[] => {
    if (value === undefined) return [];
    const target = resolved(value, schema);
    const field: FormField = {
      name,
      explained: value.description ?? target.description ?? "",
      required: product.required?.includes(name) ?? false,
      kind: kindOf(target),
      choices: choicesOf(target),
    };
    return [field];
  });
  return fields.sort((a, b) => Number(b.required) - Number(a.required));
}

/** What a schema stands for: behind a reference, or the one choice beside null. */
function resolved(value: Schema, schema: Schema): Schema {
  if (value.$ref) return schema.$defs?.[value.$ref.replace("#/$defs/", "")] ?? {};
  const choices = value.anyOf?.filter((option) => option.type !== "null") ?? [];
  const [only] = choices;
  return choices.length === 1 && only ? resolved(only, schema) : value;
}

function choicesOf(target: Schema): string[] {
  const named = (target.oneOf ?? []).flatMap((option) => (typeof option.const === "string" ? [option.const] : []));
  return named.length > 0 ? named : (target.enum ?? []).filter((choice) => typeof choice === "string");
}

function kindOf(target: Schema): FormField["kind"] {
  if (choicesOf(target).length > 0) return "choice";
  if (target.pattern?.includes("secret:")) return "secret";
  const types = [target.type ?? []].flat();
  if (types.includes("integer") || types.includes("number")) return "number";
  return types.includes("string") ? "text" : "json";
}

/** What was typed, as the release file wants it; a problem where it cannot be. */
export function settingsOf(product: Product, typed: Record<string, string>): { settings: Record<string, unknown>; problems: Record<string, "needed" | "reference" | "number" | "json"> } {
  const settings: Record<string, unknown> = {};
  const problems: Record<string, "needed" | "reference" | "number" | "json"> = {};
  for (const field of product.fields) {
    const text = (typed[field.name] ?? "").trim();
    if (text === "") {
      if (field.required) problems[field.name] = "needed";
      continue;
    }
    const read = valueOf(field, text);
    if ("problem" in read) problems[field.name] = read.problem;
    else settings[field.name] = read.value;
  }
  return { settings, problems };
}

function valueOf(field: FormField, text: string): { value: unknown } | { problem: "reference" | "number" | "json" } {
  switch (field.kind) {
    case "text":
    case "choice":
      return { value: text };
    case "secret": {
      const name = /^(?:\$\{secret:)?([a-z0-9.-]+)\}?$/.exec(text)?.[1];
      return name === undefined ? { problem: "reference" } : { value: `\${secret:${name}}` };
    }
    case "number":
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { problem: "number" };
    case "json":
      try {
        return { value: JSON.parse(text) };
      } catch {
        return { problem: "json" };
      }
  }
}
