//! What set it off: the timings, the samples, the decision, the graph at that moment.

use super::{Material, head::sentence};
use crate::{
    account::{nodes::Node, trigger::number},
    clock::lasting,
    document::{Block, Line, Section, Sources, Table, Text, Tone},
    figure::graph,
};

/// Measures the answer, from the first bad sample to "declared good".
pub(super) fn timings(material: &Material<'_>) -> Option<Section> {
    let Material { account, clock, .. } = material;
    if account.timings.is_empty() {
        return None;
    }
    let mut section = Section::new("timings", "How fast it went");
    let mut table = Table::new(&[
        ("Moment", 3),
        ("At", 4),
        ("After the one before>", 3),
        ("Since the first>", 3),
    ]);
    for timing in &account.timings {
        let span = |ms: Option<u64>| Text::plain(ms.map_or_else(|| "–".to_owned(), lasting));
        let at = match (timing.at, &timing.absent) {
            (Some(at), _) => Text::plain(clock.full(at)),
            (None, Some(why)) => Text::plain(why),
            (None, None) => Text::plain("–"),
        };
        let tone = if timing.at.is_some() {
            Tone::Plain
        } else {
            Tone::Faint
        };
        table.row(
            tone,
            Sources::of(timing.seq),
            vec![
                Text::strong(timing.moment.words()),
                at,
                span(timing.after_ms),
                span(timing.since_first_ms),
            ],
        );
    }
    section.blocks.push(Block::Table(table));
    Some(section)
}

/// Shows what set it off, with the samples that tripped it.
pub(super) fn trigger(material: &Material<'_>) -> Option<Section> {
    let trigger = material.account.trigger.as_ref()?;
    let mut section = Section::new("trigger", "What set it off");
    let place = match (&trigger.step, &trigger.node) {
        (Some(step), _) => Text::code(step).and(", "),
        (None, Some(node)) => Text::code(node).and(", "),
        (None, None) => Text::default(),
    };
    let text = place
        .and_strong(&trigger.kind)
        .and(": ")
        .and(sentence(&trigger.sentence));
    let line = Line::new(text).from_entries(Sources::one(trigger.seq));
    section.blocks.push(Block::Callout(Tone::Bad, line));
    let mut table = Table::new(&[("At", 4), ("Was", 2), ("Value>", 2), ("What was seen", 8)]);
    for sample in &trigger.samples {
        let (tone, word) = match sample.bad {
            true => (Tone::Bad, "bad"),
            false => (Tone::Plain, "not bad"),
        };
        table.row(
            tone,
            Sources::one(sample.seq),
            vec![
                Text::plain(material.clock.full(sample.at)),
                Text::plain(word),
                Text::plain(sample.value.map_or_else(|| "–".to_owned(), number)),
                Text::plain(&sample.summary),
            ],
        );
    }
    section.table_or(
        table,
        "No samples were taken before it: it is known from this one entry.",
    );
    Some(section)
}

/// Says who or what decided, and how far.
pub(super) fn decision(material: &Material<'_>) -> Option<Section> {
    let decision = material.account.decision.as_ref()?;
    let mut section = Section::new("decision", "Decision");
    let who = match &decision.by {
        Some(by) => Text::strong(by).and(" decided"),
        None => Text::strong("Gantry").and(" decided by the policy of the release"),
    };
    let scope = match decision.nodes.is_empty() {
        true => Text::plain("the whole release"),
        false => Text::codes(&decision.nodes),
    };
    let mut text = who.and(format!(
        " at {} to roll back ",
        material.clock.full(decision.at)
    ));
    text.0.extend(scope.0);
    let text = text.and(format!(
        ", expecting {}: {}",
        lasting(decision.estimate_ms),
        sentence(&decision.sentence)
    ));
    section.say(text, Sources::one(decision.seq));
    Some(section)
}

/// Draws the graph as it stood when it was decided to go back, or as it stands.
pub(super) fn graph(material: &Material<'_>) -> Section {
    let account = material.account;
    let then = account.decision.is_some();
    let (title, caption) = match then {
        true => (
            "The release at that moment",
            "Each node as it stood when the rollback was decided",
        ),
        false => ("The release", "Each node as it stands"),
    };
    let mut section = Section::new("graph", title);
    let state = |node: &Node| node.at_trigger.unwrap_or(node.state);
    let figure = graph::draw(material.plan, &account.nodes, caption, state);
    section.blocks.push(Block::Figure(Box::new(figure)));
    section
}
