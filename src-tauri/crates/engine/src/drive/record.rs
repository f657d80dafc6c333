//! What goes into the journal: batches, the line that lists show, claims.

use std::{iter, sync::Arc};

use gantry_model::{
    event::{Happened, RulingWord, RunEvent},
    id::RunId,
    journal::{Entry, Head, NewEntry, RunSummary},
    plan::Plan,
    run::{IllegalTransition, Phase, Run},
    time::Timestamp,
};
use gantry_port::journal::Batch;

use super::{DriveError, Driver, NewRelease, Ruled, keep, opening};
use crate::status::state_word;

/// The first events of a run whose id the store chooses.
#[derive(Clone)]
pub(super) struct Opening {
    at: Timestamp,
    new: NewRelease,
}

impl Opening {
    pub(super) fn new(at: Timestamp, new: &NewRelease) -> Self {
        Self {
            at,
            new: new.clone(),
        }
    }

    pub(super) fn events(&self, run: &RunId) -> Vec<RunEvent> {
        let started = Happened::Started(Box::new(opening(run, &self.new)));
        let all = iter::once(started).chain(self.new.at_start.iter().cloned());
        (1..)
            .zip(all)
            .map(|(seq, what)| RunEvent {
                seq,
                at: self.at,
                what,
            })
            .collect()
    }

    pub(super) fn batch(self, run: &RunId) -> Batch {
        let plan = &self.new.plan;
        let events = self.events(run);
        Batch {
            after: Head::EMPTY,
            // An event that cannot be written was refused before the store was asked.
            entries: events.iter().flat_map(RunEvent::to_entry).collect(),
            summary: RunSummary {
                run: run.clone(),
                title: plan.title.clone(),
                environment: plan.environment.clone(),
                state: "preflight".into(),
                ended: false,
                plan: plan.digest,
                steps_done: 0,
                steps_total: plan.steps.len() as u32,
                started_at: self.at,
                changed_at: self.at,
            },
            answered: Vec::new(),
            messages: Vec::new(),
            snapshots: Vec::new(),
        }
    }
}

/// Refuses a plan that cannot be run, before anything is stored.
pub(super) fn check(opening: &Opening) -> Result<(), DriveError> {
    let run = RunId::new(opening.new.plan.release.clone(), 1);
    let events = opening.events(&run);
    for event in &events {
        event.to_entry()?;
    }
    begin(opening.new.plan.clone(), &events)?;
    Ok(())
}

/// Makes a run of its first events.
pub(super) fn begin(plan: Arc<Plan>, events: &[RunEvent]) -> Result<Run, DriveError> {
    let (started, others) = events
        .split_first()
        .ok_or(IllegalTransition::Gap { last: 0, found: 0 })?;
    let mut run = Run::begin(plan, started)?;
    for event in others {
        run.apply(event)?;
    }
    Ok(run)
}

/// Gives what a run will change, and nobody else may meanwhile.
pub(super) fn claims(plan: &Plan) -> Vec<String> {
    let services = plan
        .nodes
        .iter()
        .map(|node| format!("{}/{}", plan.environment, node.service));
    let routes = plan.nodes.iter().filter_map(|node| node.router.as_ref());
    let routes = routes.map(|route| format!("router {}/{}", route.connection, route.backend));
    let mut claims: Vec<String> = services.chain(routes).collect();
    claims.sort_unstable();
    claims.dedup();
    claims
}

/// Links an event to the head before it.
fn entry_after(head: Head, event: &RunEvent) -> Result<Entry, serde_json::Error> {
    Ok(Entry::link(head.hash, event.to_entry()?))
}

/// Links events to the head before them, each to the one before it.
pub(super) fn linked(
    mut head: Head,
    events: Vec<RunEvent>,
) -> Result<Vec<(Entry, RunEvent)>, serde_json::Error> {
    let mut entries = Vec::with_capacity(events.len());
    for event in events {
        let entry = entry_after(head, &event)?;
        head = Head {
            seq: entry.event.seq,
            hash: entry.hash,
        };
        entries.push((entry, event));
    }
    Ok(entries)
}

/// Finds the ruling among the events of a command.
pub(super) fn ruled(events: &[RunEvent]) -> Ruled {
    let mut rulings = events.iter().filter_map(ruling_of);
    rulings.next().unwrap_or(Ruled {
        ruling: RulingWord::Refused,
        sentence: "the command led to nothing".into(),
    })
}

/// Gives the answer to a letter, if the event is it.
pub(super) fn answer_to(event: &RunEvent, letter: u64) -> Option<Ruled> {
    match &event.what {
        Happened::Steered(steered) if steered.letter == Some(letter) => ruling_of(event),
        _ => None,
    }
}

/// Gives the ruling, if the event is one.
pub(super) fn ruling_of(event: &RunEvent) -> Option<Ruled> {
    match &event.what {
        Happened::Steered(steered) => Some(Ruled {
            ruling: steered.ruling,
            sentence: steered.message.clone(),
        }),
        _ => None,
    }
}

impl Driver {
    /// Makes the events of a turn durable, in one commit. The run has taken them in already: if
    /// this fails, the driver must not be used any more.
    pub(super) async fn commit(
        &mut self,
        events: Vec<RunEvent>,
        answered: Vec<u64>,
    ) -> Result<(), DriveError> {
        if events.is_empty() && answered.is_empty() {
            return Ok(());
        }
        let entries = linked(self.head, events)?;
        let written = entries.iter().map(|(entry, _)| entry.event.clone());
        let written: Vec<NewEntry> = written.collect();
        let batch = Batch {
            after: self.head,
            snapshots: keep::snapshots(&self.run, self.head, &written),
            entries: written,
            summary: summary(&self.run),
            answered,
            messages: Vec::new(),
        };
        self.head = self.world.journal.append(&*self.lease, batch).await?;
        self.unread.extend(entries);
        Ok(())
    }
}

/// Gives the line that lists show.
pub(super) fn summary(run: &Run) -> RunSummary {
    RunSummary {
        run: run.id().clone(),
        title: run.plan().title.clone(),
        environment: run.plan().environment.clone(),
        state: state_word(run).to_owned(),
        ended: matches!(run.phase(), Phase::Ended(_)),
        plan: run.plan().digest,
        steps_done: run.queues().steps_over,
        steps_total: run.plan().steps.len() as u32,
        started_at: run.started_at(),
        changed_at: run.changed_at(),
    }
}
