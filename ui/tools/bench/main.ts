import { mount } from "svelte";
import "../../src/app.css";
import { connect } from "../../src/api/api";
import { fake } from "../../src/api/fake";
import PlanTab from "../../src/plan/PlanTab.svelte";
import RunTab from "../../src/run/RunTab.svelte";
import { draftOf, standingOf, textOf } from "./large";

const asked = new URLSearchParams(location.search);
const count = Number(asked.get("nodes") ?? 1000);
const answer = draftOf(count);
let turn = 0;

const core = fake({
  "read-release": { text: textOf(count), file: "/large.yaml", hash: "sha256:0" },
  draft: answer,
  catalogue: { services: [] },
  status: () => standingOf(count, turn),
  journal: [],
  show: { plan: answer.plan },
  layout: answer.layout,
  moments: [],
  series: { metrics: [] },
});
// A real answer comes as text and is parsed; cloning what is there already would cost more than that.
core.call = async (name) => (name === "status" ? standingOf(count, turn) : { "read-release": { text: textOf(count), file: "/large.yaml", hash: "sha256:0" }, draft: answer, catalogue: { services: [] }, journal: [], show: { plan: answer.plan }, layout: answer.layout, moments: [], series: { metrics: [] } }[name]);
connect(core);

/** Lets the run change so often a second, until the returned function is called. */
function change(often: number): () => void {
  const timer = setInterval(() => {
    for (let at = 0; at < often / 50; at++) {
      turn += 1;
      core.change({ topic: "run", id: "large" });
    }
  }, 20);
  return () => clearInterval(timer);
}
Object.assign(window, { change });

const target = document.getElementById("app");
if (target) {
  target.style.position = "absolute";
  target.style.inset = "0";
  const began = performance.now();
  const release = { release: "large", file: "/large.yaml", name: "large", environment: "bench", state: "running" as const, targets: [], problems: 0, run: asked.get("tab") === "run" ? "large" : null };
  mount(asked.get("tab") === "run" ? RunTab : PlanTab, { target, props: { release } });
  const look = () => {
    if (!document.querySelector(".graph canvas")) return requestAnimationFrame(look);
    return requestAnimationFrame(() => requestAnimationFrame(() => performance.measure("graph-drawn", { start: began, end: performance.now() })));
  };
  look();
}
