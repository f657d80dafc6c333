//! What users met, what was measured, and everything that happened.

use gantry_model::command::Topic;

use super::{Material, marks, people};
use crate::{
    account::trigger::{number, percent},
    clock::{lasting, since},
    document::{Block, Line, Section, Sources, Table, TableRole, Text, Tone},
    figure::chart,
};

/// How many metric charts are drawn.
const CHARTS: usize = 12;

/// Says who met the new versions, and what people saw of it.
pub(super) fn impact(material: &Material<'_>) -> Section {
    let account = material.account;
    let mut section = Section::new("impact", "Impact");
    if account.exposure.is_empty() {
        let words = "No new version was given any traffic, so no user met one.";
        section.say(words, Sources::none());
    } else {
        let figure = chart::traffic(&account.exposure, account.took_ms, &marks(account));
        section.blocks.push(Block::Figure(Box::new(figure)));
        section.blocks.push(Block::Table(exposed(material)));
    }
    let remarks = people::said(account, Topic::Impact);
    match remarks.is_empty() {
        true => section.say("Nobody has written yet what users felt.", Sources::none()),
        false => section.blocks.push(Block::List(remarks)),
    }
    section
}

fn exposed(material: &Material<'_>) -> Table {
    let mut table = Table::new(&[
        ("Node", 3),
        ("Service", 3),
        ("Highest share>", 2),
        ("For>", 3),
        ("Counted>", 2),
        ("Bad>", 2),
    ]);
    let count =
        |value: Option<f64>| value.map_or_else(|| "not counted".to_owned(), |v| format!("{v:.0}"));
    for exposure in &material.account.exposure {
        table.row(
            Tone::Plain,
            Sources::of(exposure.shares.iter().map(|share| share.seq)),
            vec![
                Text::code(&exposure.node),
                Text::plain(&exposure.service),
                Text::plain(percent(f64::from(exposure.highest_bp) / 10_000.0)),
                Text::plain(lasting(exposure.exposed_ms)),
                Text::plain(count(exposure.counted)),
                Text::plain(count(exposure.bad)),
            ],
        );
    }
    table
}

/// Shows what the judge said of each bake, and draws what was measured.
pub(super) fn measured(material: &Material<'_>) -> Option<Section> {
    let verdicts = &material.account.verdicts;
    if verdicts.is_empty() {
        return None;
    }
    let mut section = Section::new("measured", "What was measured");
    let mut table = Table::new(&[
        ("Bake", 4),
        ("Verdict", 3),
        ("Metric", 3),
        ("New", 4),
        ("Old", 4),
        ("Ratio and interval", 4),
    ]);
    for verdict in verdicts {
        let tone = match verdict.standing.as_str() {
            "pass" => Tone::Good,
            "fail" => Tone::Bad,
            "hold" => Tone::Warn,
            _ => Tone::Plain,
        };
        for metric in &verdict.metrics {
            table.row(
                tone,
                Sources::one(verdict.seq),
                vec![
                    Text::code(&verdict.step),
                    Text::plain(format!("{} ({})", verdict.standing, verdict.because)),
                    Text::plain(&metric.metric),
                    Text::plain(&metric.new),
                    Text::plain(&metric.old),
                    Text::plain(interval(metric)),
                ],
            );
        }
    }
    section.blocks.push(Block::Table(table));
    let sentences = verdicts.iter().map(|verdict| {
        let text = Text::code(&verdict.step).and(format!(": {}", verdict.sentence));
        Line::new(text).from_entries(Sources::one(verdict.seq))
    });
    section.blocks.push(Block::List(sentences.collect()));
    let charts = verdicts.iter().flat_map(|verdict| {
        let metrics = verdict.metrics.iter();
        metrics.filter_map(move |metric| chart::metric(verdict, metric))
    });
    for figure in charts.take(CHARTS) {
        section.blocks.push(Block::Figure(Box::new(figure)));
    }
    Some(section)
}

fn interval(metric: &crate::account::verdict::Measured) -> String {
    let Some(estimate) = metric.estimate else {
        return "no estimate".to_owned();
    };
    let bound = |bound: Option<f64>, open: &str| {
        bound.map_or_else(|| open.to_owned(), |bound| format!("×{}", number(bound)))
    };
    let (low, high) = (bound(metric.low, "×0"), bound(metric.high, "unbounded"));
    format!("×{} ({low} to {high})", number(estimate))
}

/// Lists everything that happened.
pub(super) fn timeline(material: &Material<'_>) -> Section {
    let Material { account, clock, .. } = material;
    let mut section = Section::new("timeline", "Timeline");
    section.say(
        format!(
            "All entries of the journal in their order, times in {}. What a person did names them.",
            clock.name()
        ),
        Sources::none(),
    );
    let mut table = Table::new(&[
        ("Since start", 2),
        ("At", 4),
        ("Where", 4),
        ("What happened", 10),
    ]);
    table.role = TableRole::Timeline;
    for line in &account.timeline {
        let place = line.step.as_ref().or(line.node.as_ref());
        let mut text = match &line.by {
            Some(by) => Text::strong(by).and(": "),
            None => Text::default(),
        };
        if line.clock_went_back {
            text = text.and_strong("(the wall clock went back here) ");
        }
        table.row(
            line.tone,
            Sources::of(line.sources.iter().copied()),
            vec![
                Text::plain(since(line.elapsed_ms)),
                Text::plain(clock.full(line.at)),
                place.map_or_else(|| Text::plain("release"), Text::code),
                text.and(&line.text),
            ],
        );
    }
    section.table_or(table, "Nothing was recorded.");
    section
}
