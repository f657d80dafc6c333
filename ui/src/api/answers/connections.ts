// What `connections-list`, `connections-test`, `adapters` and `schema` answer.

/** A connection of the workspace: one product, and how it is reached. Secrets stand in it by reference only. */
export type ConnectionRow = {
  name: string;
  product: string;
  /** What the release file would say under the product's name. */
  settings: Record<string, unknown>;
  /** The secrets that it names, and whether the keychain has each. */
  secrets?: { name: string; known: boolean }[];
  /** Releases that use it. */
  used_by?: string[];
};

/** What came of reaching out to a connection. */
export type Tested = { connection: string; product: string; reachable: boolean; answer: string };

/** A product that Gantry drives. */
export type Adapter = { port: string; product: string; can: string[]; note: string };

/** A JSON Schema, as far as a form is made of it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema | undefined>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  pattern?: string;
  $defs?: Record<string, Schema>;
};
