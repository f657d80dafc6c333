// Shows a plan. Everything that comes from a release file becomes a text node: no text of others
// is ever read as markup.

/** Makes an element with text or children in it. */
function element(name, classes, ...children) {
  const made = document.createElement(name);
  made.className = classes;
  made.append(...children);
  return made;
}

function describe(node) {
  return [node.kind, node.strategy].filter(Boolean).join(" · ");
}

function nodeCard(id, nodes) {
  const node = nodes.get(id) ?? {};
  return element("li", "node", element("strong", "", id), element("p", "", describe(node)));
}

function wave(ids, number, nodes) {
  const cards = ids.map((id) => nodeCard(id, nodes));
  return element(
    "li",
    "wave",
    element("h3", "", `Wave ${number + 1}`),
    element("ul", "", ...cards),
  );
}

function waveList(title, waves, nodes) {
  const columns = waves.map((ids, number) => wave(ids, number, nodes));
  return [element("h2", "", title), element("ol", "waves", ...columns)];
}

/** The rollback plan stands first: it is what people have to agree to before anything starts. */
function show(plan) {
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  return [
    element("h1", "", plan.release),
    element("p", "quiet", plan.plan),
    ...waveList("Rolling everything back", plan.rollback.waves, nodes),
    ...waveList("Going forward", plan.waves, nodes),
  ];
}

function showProblem(problem) {
  const lines = [element("p", "problem", problem.message ?? String(problem))];
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
