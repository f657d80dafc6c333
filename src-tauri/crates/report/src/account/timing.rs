//! The moments from the first bad sample to "declared good".

use std::collections::BTreeSet;

use gantry_model::{
    event::{Happened, Outcome, RunEvent},
    id::StepId,
    rollback::{UndoAction, UndoKind},
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::trigger::{Decision, Trigger};
use crate::elapsed::Elapsed;

/// One of the moments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Timing {
    /// Which.
    pub moment: Moment,
    /// When; absent where it did not happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The entry that it is known from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// How long after the moment before it that happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_ms: Option<u64>,
    /// How long after the first of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_first_ms: Option<u64>,
    /// Why it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
}

/// The moments, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// The first sample that was bad, of those that tripped.
    FirstBadSample,
    /// It was noticed.
    Detected,
    /// It was decided to go back.
    Decided,
    /// The old versions took all traffic and the flags were back.
    TrafficSafe,
    /// Everything that was to be undone was undone.
    Restored,
    /// The run ended with everything back.
    DeclaredGood,
}

impl Moment {
    /// Gives the words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::FirstBadSample => "First bad sample",
            Self::Detected => "Detected",
            Self::Decided => "Decided",
            Self::TrafficSafe => "Traffic safe",
            Self::Restored => "Restored",
            Self::DeclaredGood => "Declared good",
        }
    }
}

type Found = Result<(Timestamp, u64, u64), &'static str>;

/// Measures the moments of a run that went back; empty for one that did not.
pub(crate) fn timings(
    events: &[RunEvent],
    elapsed: &Elapsed,
    trigger: Option<&Trigger>,
    decision: Option<&Decision>,
) -> Vec<Timing> {
    let Some(decision) = decision else {
        return Vec::new();
    };
    let entry = |seq: u64| {
        let place = events.binary_search_by_key(&seq, |event| event.seq).ok();
        let event = place.and_then(|place| events.get(place));
        event.map(|event| (event.at, seq, elapsed.at(seq)))
    };
    let after: &[RunEvent] = events
        .get(events.partition_point(|event| event.seq < decision.seq)..)
        .unwrap_or_default();
    let undo = Undoing::of(after);
    let found: [(Moment, Found); 6] = [
        (Moment::FirstBadSample, first_bad(trigger, elapsed)),
        (
            Moment::Detected,
            trigger
                .and_then(|trigger| entry(trigger.seq))
                .ok_or("nothing was detected: a person decided"),
        ),
        (
            Moment::Decided,
            entry(decision.seq).ok_or("it is not recorded"),
        ),
        (
            Moment::TrafficSafe,
            undo.traffic_safe()
                .and_then(|seq| entry(seq).ok_or("it is not recorded")),
        ),
        (
            Moment::Restored,
            undo.restored()
                .and_then(|seq| entry(seq).ok_or("it is not recorded")),
        ),
        (
            Moment::DeclaredGood,
            declared(after).and_then(|seq| entry(seq).ok_or("it is not recorded")),
        ),
    ];
    spread(found)
}

fn spread(found: [(Moment, Found); 6]) -> Vec<Timing> {
    let first = found.iter().find_map(|(_, found)| found.as_ref().ok());
    let first = first.map(|(_, _, elapsed)| *elapsed);
    let mut before: Option<u64> = None;
    let mut all = Vec::new();
    for (moment, found) in &found {
        all.push(match found {
            Ok((at, seq, elapsed)) => {
                let timing = Timing {
                    moment: *moment,
                    at: Some(*at),
                    seq: Some(*seq),
                    after_ms: before.map(|before| elapsed.saturating_sub(before)),
                    since_first_ms: first.map(|first| elapsed.saturating_sub(first)),
                    absent: None,
                };
                before = Some(*elapsed);
                timing
            }
            Err(why) => Timing {
                moment: *moment,
                at: None,
                seq: None,
                after_ms: None,
                since_first_ms: None,
                absent: Some((*why).to_owned()),
            },
        });
    }
    all
}

/// The earliest of the bad samples that stand together at the end.
fn first_bad(trigger: Option<&Trigger>, elapsed: &Elapsed) -> Found {
    let trigger = trigger.ok_or("nothing was sampled")?;
    let bad = trigger.samples.iter().rev().take_while(|sample| sample.bad);
    let first = bad.last().ok_or("no sample was bad before it")?;
    // A sample may be older than the entry that carries it: it is placed by the distance of the two.
    let noticed = elapsed.at(trigger.seq);
    let since = (trigger.at - first.at)
        .num_milliseconds()
        .max(0)
        .unsigned_abs();
    Ok((first.at, first.seq, noticed.saturating_sub(since)))
}

fn declared(after: &[RunEvent]) -> Result<u64, &'static str> {
    let end = after.iter().rev().find_map(|event| match &event.what {
        Happened::Finished { outcome, .. } => Some((event.seq, *outcome)),
        _ => None,
    });
    match end {
        Some((seq, Outcome::RolledBack)) => Ok(seq),
        Some((seq, Outcome::Cancelled)) => Ok(seq),
        Some((_, Outcome::PartlyRolledBack)) => Err("some nodes are still changed"),
        Some((_, Outcome::Succeeded | Outcome::Failed | Outcome::Held)) => {
            Err("the run did not end with everything back")
        }
        None => Err("the run has not ended"),
    }
}

/// What became of the undo actions, by id.
#[derive(Default)]
struct Undoing<'a> {
    traffic: BTreeSet<&'a StepId>,
    all: BTreeSet<&'a StepId>,
    over: Vec<(&'a StepId, u64)>,
}

impl<'a> Undoing<'a> {
    fn of(after: &'a [RunEvent]) -> Self {
        let mut undoing = Self::default();
        for event in after {
            match &event.what {
                Happened::RollbackStarted(turn) => {
                    undoing
                        .all
                        .extend(turn.actions.iter().map(|action| &action.id));
                    let traffic = turn.actions.iter().filter(|action| moves_users(action));
                    undoing.traffic.extend(traffic.map(|action| &action.id));
                }
                Happened::UndoSucceeded { place, .. }
                | Happened::UndoSkipped { place, .. }
                | Happened::Resolved { place, .. } => undoing.over.push((&place.step, event.seq)),
                _ => {}
            }
        }
        undoing
    }

    fn traffic_safe(&self) -> Result<u64, &'static str> {
        match self.traffic.is_empty() {
            true => Err("no traffic was moved"),
            false => self.last_of(&self.traffic),
        }
    }

    fn restored(&self) -> Result<u64, &'static str> {
        match self.all.is_empty() {
            true => Err("nothing had to be undone"),
            false => self.last_of(&self.all),
        }
    }

    fn last_of(&self, ids: &BTreeSet<&StepId>) -> Result<u64, &'static str> {
        let over: BTreeSet<&StepId> = self.over.iter().map(|(id, _)| *id).collect();
        let mut entries = self.over.iter().filter(|(id, _)| ids.contains(id));
        let last = entries.by_ref().map(|(_, seq)| *seq).max();
        last.filter(|_| ids.is_subset(&over))
            .ok_or("it was not reached")
    }
}

fn moves_users(action: &UndoAction) -> bool {
    match action.kind {
        UndoKind::RestoreFlag | UndoKind::RestoreTraffic | UndoKind::RestoreWorkload => true,
        UndoKind::RestageOld
        | UndoKind::UndoTask
        | UndoKind::VerifyOld
        | UndoKind::RemoveNew
        | UndoKind::RevertSchema => false,
    }
}
