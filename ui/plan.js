// Shows a plan. Everything that comes from a release file becomes a text node: no text of others
// is ever read as markup.

/** Makes an element with text or children in it. */
function element(name, classes, ...children) {
  const made = document.createElement(name);
  made.className = classes;
  made.append(...children);
  return made;
}

/** Writes a duration as people say it: "50 s", "7 min", "1 h 30 min". */
function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) {
    return `${seconds} s`;
  }
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

function nodeLines(node) {
  const version = node.version && [node.version.from, node.version.to].filter(Boolean).join(" → ");
  const risk = node.assessment && `risk ${node.assessment.risk}`;
  return [
    [node.kind, node.strategy].filter(Boolean).join(" · "),
    [version, risk].filter(Boolean).join(" · "),
  ].filter(Boolean);
}

function nodeCard(id, nodes) {
  const lines = nodeLines(nodes.get(id) ?? {}).map((line) => element("p", "", line));
  return element("li", "node", element("strong", "", id), ...lines);
}

function waveColumn(ids, number, nodes) {
  return element(
    "li",
    "wave",
    element("h3", "", `Wave ${number + 1}`),
    element("ul", "", ...ids.map((id) => nodeCard(id, nodes))),
  );
}

function section(title, sentence, waves, nodes) {
  const columns = waves.map((ids, number) => waveColumn(ids, number, nodes));
  return [
    element("h2", "", title),
    element("p", "quiet", sentence),
    element("ol", "waves", ...columns),
  ];
}

function rollbackSentence(rollback) {
  const time = `Takes about ${duration(rollback.estimate_ms)}.`;
  const lost = rollback.cannot_undo ?? [];
  return lost.length === 0
    ? `${time} Everything can be undone.`
    : `${time} Cannot be undone: ${lost.join(", ")}.`;
}

function forwardSentence(plan) {
  const { estimate_ms, at_least, nodes } = plan.critical_path;
  const time = `Takes ${at_least ? "at least" : "about"} ${duration(estimate_ms)}`;
  const point = plan.point_of_no_return;
  const end = point ? ` No return after ${point.step}.` : "";
  return `${time}, the longest chain is ${nodes.join(" → ")}.${end}`;
}

function findingList(findings) {
  if (findings.length === 0) {
    return [];
  }
  const rows = findings.map(({ severity, node, message }) =>
    element("li", severity, [severity, node, message].filter(Boolean).join(": ")),
  );
  return [element("h2", "", "Findings"), element("ul", "findings", ...rows)];
}

/** The rollback plan stands first: it is what people have to agree to before anything starts. */
function show(plan) {
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const { rollback } = plan;
  return [
    element("h1", "", plan.title ?? plan.release),
    element("p", "quiet", [plan.release, plan.environment, plan.plan].join(" · ")),
    ...section("Rolling everything back", rollbackSentence(rollback), rollback.waves, nodes),
    ...section("Going forward", forwardSentence(plan), plan.waves, nodes),
    ...findingList(plan.findings),
  ];
}

function showProblem(problem) {
  const lines = [element("p", "error", problem.message ?? String(problem))];
  if (problem.hint) {
    lines.push(element("p", "quiet", problem.hint));
  }
  return lines;
}

const place = document.getElementById("plan");
try {
  const plan = await window.__TAURI__.core.invoke("call", { name: "plan" });
  place.replaceChildren(...show(plan));
} catch (problem) {
  place.replaceChildren(...showProblem(problem));
}
