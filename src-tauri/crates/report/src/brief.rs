//! The brief before a release: what people read before they say go.
//!
//! It leads with the way back, because that is what a poll decides on; then come the criteria, the
//! steps with owner, start and duration, the monitoring, the communications and the contacts. It
//! is made of a plan and the release's own words alone; no workspace and no platform is asked.

mod back;
mod go;
mod people;
mod risk;
mod steps;
mod watch;

use gantry_model::{
    plan::{Plan, Severity},
    release::Release,
};

use crate::{
    account::nodes::{self, Node},
    clock::{Clock, lasting},
    document::{Badge, Block, Document, Fact, Line, Section, Sources, Text, Tone},
    figure::graph,
};

/// What the parts of a brief are made of.
struct Material<'a> {
    plan: &'a Plan,
    release: Option<&'a Release>,
    nodes: Vec<Node>,
}

/// Writes the brief of a plan; the release adds what a plan does not keep: checklists and poll.
pub fn document(plan: &Plan, release: Option<&Release>) -> Document {
    let material = Material {
        plan,
        release,
        nodes: nodes::unrun(plan),
    };
    Document {
        kind: "Release brief",
        title: plan
            .title
            .clone()
            .unwrap_or_else(|| plan.release.to_string()),
        badge: badge(plan),
        facts: facts(plan),
        summary: summary(&material),
        sections: vec![
            back::section(plan),
            go::section(&material),
            steps::section(plan),
            graph_section(&material),
            risk::section(plan),
            watch::section(plan),
            people::communications(plan),
            people::contacts(&material),
        ],
        footer: vec![Fact::new("Plan", Text::code(plan.digest.to_string()))],
    }
}

fn badge(plan: &Plan) -> Badge {
    let errors = count(plan, Severity::Error);
    let warnings = count(plan, Severity::Warning);
    let (word, tone) = match (errors, warnings) {
        (0, 0) => ("planned, not run".to_owned(), Tone::Plain),
        (0, 1) => ("planned, not run; 1 warning".to_owned(), Tone::Warn),
        (0, many) => (format!("planned, not run; {many} warnings"), Tone::Warn),
        (_, _) => ("cannot start: the plan has errors".to_owned(), Tone::Bad),
    };
    Badge { word, tone }
}

fn count(plan: &Plan, severity: Severity) -> usize {
    plan.findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .count()
}

fn facts(plan: &Plan) -> Vec<Fact> {
    let clock = Clock::of(plan);
    let mut facts = vec![
        Fact::new("Release", Text::code(plan.release.to_string())),
        Fact::new("Environment", plan.environment.to_string()),
        Fact::new(
            "Owner",
            plan.owner
                .clone()
                .unwrap_or_else(|| "nobody named".to_owned()),
        ),
        Fact::new("Takes", estimate(plan)),
    ];
    if let Some(window) = &plan.window {
        let text = format!("{} to {} ({})", window.opens, window.closes, clock.name());
        facts.push(Fact::new("Window", text));
    }
    facts.push(Fact::new("Nodes", plan.nodes.len().to_string()));
    facts.push(Fact::new("Steps", plan.steps.len().to_string()));
    facts
}

/// Says how long the release takes.
fn estimate(plan: &Plan) -> String {
    let path = &plan.critical_path;
    let at_least = if path.at_least { "at least " } else { "about " };
    format!("{at_least}{}", lasting(path.estimate.as_millis()))
}

fn summary(material: &Material<'_>) -> Vec<Line> {
    let plan = material.plan;
    let mut lines = vec![back::sentence(plan)];
    if let Some(description) = material
        .release
        .and_then(|release| release.description.as_deref())
    {
        let words = description.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.push(Line::new(Text::strong("About: ").and(words)));
    }
    let names = plan
        .critical_path
        .nodes
        .iter()
        .filter_map(|node| plan.nodes.get(node.at()));
    let mut path = Text::strong("Forward: ").and(format!(
        "{} in {} waves, {}; the longest chain is ",
        counted(plan.nodes.len(), "node"),
        plan.waves.len(),
        estimate(plan)
    ));
    path.0.extend(Text::codes(names.map(|node| &node.id)).0);
    lines.push(Line::new(path.and(".")));
    lines
}

/// Counts things in words.
fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

fn graph_section(material: &Material<'_>) -> Section {
    let mut section = Section::new("graph", "The graph");
    let figure = graph::draw(
        material.plan,
        &material.nodes,
        "What goes before what; nothing of it has run",
        |node| node.state,
    );
    section.blocks.push(Block::Figure(Box::new(figure)));
    let plan = material.plan;
    if let Some(point) = &plan.point_of_no_return
        && let Some(step) = plan.steps.get(point.step.at())
    {
        let text = Text::strong("Point of no return: ")
            .and_code(step.id.to_string())
            .and(format!(", behind the approval “{}”.", point.approval));
        section.blocks.push(Block::Callout(
            Tone::Warn,
            Line::new(text).from_entries(Sources::none()),
        ));
    }
    section
}
