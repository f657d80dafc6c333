// What the file itself says of its nodes: what the form shows, and what is drawn of a draft that
// cannot be planned yet.

import { parse } from "yaml";
import type { PlanAnswer } from "../api/answers/plan";
import { type Need, parseNeed } from "./text/needs";

/** A node as it is written. */
export type Written = {
  id: string;
  kind: string;
  owner?: string;
  needs: Need[];
  /** Everything else, as it was read. */
  body: Record<string, unknown>;
};

export type Reading = {
  nodes: ReadonlyMap<string, Written>;
  /** The names of the connections, each with its kind. */
  connections: ReadonlyMap<string, string>;
  metrics: string[];
  defaults: Record<string, unknown>;
  window?: { opens?: string; closes?: string; timezone?: string };
};

export const NOTHING: Reading = { nodes: new Map(), connections: new Map(), metrics: [], defaults: {} };

/** What a plan says of its nodes: enough to draw them while a long text has not been read yet. */
export function readingOf(plan: PlanAnswer): Reading {
  const nodes = plan.nodes.map(({ id, kind, needs }): [string, Written] => [id, { id, kind, needs: needs.map(parseNeed), body: {} }]);
  return { ...NOTHING, nodes: new Map(nodes) };
}

/** Reads a text as far as it can be read; `undefined` where it is no YAML or no map. */
export function read(text: string): Reading | undefined {
  const root = rootOf(text);
  if (!root) return undefined;
  const defaults = mapOf(root["defaults"]);
  const nodes = new Map<string, Written>();
  for (const [id, value] of Object.entries(mapOf(root["nodes"]))) {
    nodes.set(id, written(id, mapOf(value), defaults));
  }
  const reading: Reading = {
    nodes,
    connections: new Map(
      Object.entries(mapOf(root["connections"])).map(([name, value]) => [name, Object.keys(mapOf(value))[0] ?? ""]),
    ),
    metrics: Object.keys(mapOf(root["metrics"])),
    defaults,
  };
  const window = mapOf(root["window"]);
  if (Object.keys(window).length > 0) {
    reading.window = { opens: textOf(window["opens"]), closes: textOf(window["closes"]), timezone: textOf(window["timezone"]) };
  }
  return reading;
}

function rootOf(text: string): Record<string, unknown> | undefined {
  try {
    const root: unknown = parse(text, { logLevel: "error" });
    return isMap(root) ? root : undefined;
  } catch {
    return undefined;
  }
}

function written(id: string, body: Record<string, unknown>, defaults: Record<string, unknown>): Written {
  const owner = textOf(body["owner"]) ?? textOf(defaults["owner"]);
  const listed = Array.isArray(body["needs"]) ? body["needs"] : [];
  const needs = listed.flatMap((need: unknown) => needOf(need) ?? []);
  const node: Written = { id, kind: textOf(body["kind"]) ?? "", needs, body };
  return owner === undefined ? node : { ...node, owner };
}

function needOf(value: unknown): Need | undefined {
  if (typeof value === "string") return parseNeed(value);
  if (!isMap(value)) return undefined;
  const node = textOf(value["node"]);
  const milestone = textOf(value["milestone"]);
  if (node === undefined) return undefined;
  return milestone === undefined ? { node } : { node, milestone };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A map, or an empty one where something else stands. */
export function mapOf(value: unknown): Record<string, unknown> {
  return isMap(value) ? value : {};
}

export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** The name of the strategy that stands in a node, and its settings. */
export function strategyOf(node: Written): { name: string | undefined; settings: Record<string, unknown> } {
  const value = node.body["strategy"];
  if (typeof value === "string") return { name: value, settings: {} };
  const [name] = Object.keys(mapOf(value));
  return name === undefined ? { name, settings: {} } : { name, settings: mapOf(mapOf(value)[name]) };
}
