//! The report after a run: of an incident where it went back or failed, of a completion otherwise.

pub mod five;

mod after;
pub(crate) mod head;
mod notices;
mod people;
mod rollback;
mod trigger;
mod votes;

use gantry_model::plan::Plan;

use crate::{
    account::{Account, Standing, timing::Moment},
    clock::Clock,
    document::{Badge, Document, Section, Tone},
    figure::chart::Mark,
};

/// What the parts of a report are made of.
struct Material<'a> {
    plan: &'a Plan,
    account: &'a Account,
    clock: Clock,
}

/// Writes the report of a run.
pub fn document(plan: &Plan, account: &Account) -> Document {
    let material = Material {
        plan,
        account,
        clock: Clock::named(&account.zone),
    };
    let title = account.title.clone();
    Document {
        kind: kind(account.standing),
        title: title.unwrap_or_else(|| account.release.clone()),
        badge: badge(account.standing),
        facts: head::facts(&material),
        summary: head::summary(account),
        sections: sections(&material),
        footer: head::integrity(&material),
    }
}

fn sections(material: &Material<'_>) -> Vec<Section> {
    let mut all: Vec<Section> = Vec::new();
    if material.account.decision.is_some() || material.account.trigger.is_some() {
        all.extend(trigger::timings(material));
        all.extend(trigger::trigger(material));
        all.extend(trigger::decision(material));
    }
    all.push(trigger::graph(material));
    if material.account.decision.is_some() {
        all.push(rollback::planned_against_done(material));
        all.push(rollback::not_rolled_back(material));
        all.push(five::section(material.account));
    }
    all.push(rollback::data_and_flags(material));
    all.push(after::impact(material));
    all.extend(after::measured(material));
    all.push(people::approvals(material));
    all.extend(votes::said(material));
    if !material.account.notices.is_empty() || !material.plan.stakeholders.is_empty() {
        all.push(notices::ledger(material));
    }
    all.extend(people::remarks(material));
    all.push(people::actions(material));
    all.push(after::timeline(material));
    all
}

fn kind(standing: Standing) -> &'static str {
    match standing {
        Standing::Succeeded => "Completion report",
        Standing::RolledBack | Standing::PartlyRolledBack | Standing::Failed => "Incident report",
        Standing::Cancelled => "Cancellation report",
        Standing::NotRun | Standing::UnderWay | Standing::Held | Standing::RollingBack => {
            "Interim report"
        }
    }
}

fn badge(standing: Standing) -> Badge {
    let tone = match standing {
        Standing::Succeeded => Tone::Good,
        Standing::RolledBack | Standing::RollingBack => Tone::Back,
        Standing::PartlyRolledBack | Standing::Cancelled | Standing::Held => Tone::Warn,
        Standing::Failed => Tone::Bad,
        Standing::NotRun => Tone::Faint,
        Standing::UnderWay => Tone::Plain,
    };
    Badge {
        word: standing.words().to_owned(),
        tone,
    }
}

/// Gives the moments that are marked on charts over the run.
fn marks(account: &Account) -> Vec<Mark> {
    let elapsed = |seq: u64| {
        let line = account
            .timeline
            .iter()
            .find(|line| line.seq <= seq && seq <= line.last_seq);
        line.map(|line| line.elapsed_ms)
    };
    let named = [
        (Moment::Detected, "detected"),
        (Moment::TrafficSafe, "traffic safe"),
    ];
    let timings = account.timings.iter();
    timings
        .filter_map(|timing| {
            let (_, words) = named.iter().find(|(moment, _)| *moment == timing.moment)?;
            Some(Mark {
                elapsed_ms: elapsed(timing.seq?)?,
                words,
            })
        })
        .collect()
}
