//! The recorded run, and all that can be written of it.

use gantry_model::{digest::Digest, event::RunEvent, journal::Head, plan::Plan};
use gantry_report::{
    account::{Account, Integrity, Record, prepared::Prepared},
    brief,
    document::Document,
    incident,
    redact::Whole,
    render,
};

/// A plan and the events of a run of it.
#[derive(Clone)]
pub(crate) struct Recorded {
    pub(crate) plan: Plan,
    pub(crate) events: Vec<RunEvent>,
    pub(crate) prepared: Prepared,
}

/// Reads the recorded run.
pub(crate) fn recorded() -> Recorded {
    let lines = include_str!("record/events.jsonl").lines();
    Recorded {
        plan: serde_json::from_str(include_str!("record/plan.json")).unwrap(),
        events: lines
            .map(|line| RunEvent::from_body(line).unwrap())
            .collect(),
        prepared: Prepared::default(),
    }
}

impl Recorded {
    /// Adds an event in words of the journal; number and time go on from the last.
    pub(crate) fn and(&mut self, kind: &str, facts: serde_json::Value) {
        let last = self.events.last().unwrap();
        let mut line = facts;
        line["seq"] = (last.seq + 1).into();
        line["at"] = serde_json::to_value(last.at).unwrap();
        line["kind"] = kind.into();
        self.events
            .push(RunEvent::from_body(&line.to_string()).unwrap());
    }

    pub(crate) fn account(&self) -> Account {
        let entries = self.events.len() as u64;
        let integrity = Integrity::of(entries, Digest::of("head"), Ok(Head::EMPTY));
        Account::of(&Record {
            plan: &self.plan,
            events: &self.events,
            integrity: &integrity,
        })
        .with_prepared(self.prepared.clone())
    }

    pub(crate) fn whole(&self) -> Whole<'_> {
        Whole {
            prepared: &self.prepared,
            ..Whole::plain(&self.plan, &self.events)
        }
    }

    pub(crate) fn report(&self) -> Document {
        incident::document(&self.plan, &self.account())
    }

    /// Writes the report and the brief in every format that is text.
    pub(crate) fn texts(&self) -> Vec<String> {
        let (report, brief) = (self.report(), brief::document(&self.plan, None));
        vec![
            render::markdown::write(&report),
            render::html::write(&report),
            render::markdown::write(&brief),
            render::html::write(&brief),
            render::csv::write(&self.account()).unwrap(),
            render::json::write(&self.account()).unwrap(),
        ]
    }
}
