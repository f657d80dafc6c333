import type { Plugin } from "vite";

// The window freezes `Object.prototype`, so that a script of others cannot reach into ours through it.
// An assignment to an inherited name then fails where a definition would do. One library of the graph
// assigns `constructor`; it is told to define it.
const ASSIGNED = /(\w+)\.constructor = (\w+);/g;

export function frozen(): Plugin {
  return {
    name: "frozen-prototypes",
    transform(code: string, id: string) {
      if (!/node_modules\/d3-color\//.test(id)) return undefined;
      const defined = "Object.defineProperty($1, \"constructor\", { value: $2, writable: true, configurable: true });";
      return { code: code.replace(ASSIGNED, defined), map: null };
    },
  };
}
