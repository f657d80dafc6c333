//! Who may see what: profiles that act on the record before anybody reads it.
//!
//! Redacting the record and not the document means that no renderer, no picture and no JSON can
//! let through what another leaves out.

mod hide;

use std::collections::BTreeSet;

use gantry_model::{event::RunEvent, plan::Plan, release::Release};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{account::Account, document::Document};
use hide::Hider;

/// Who reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// The people of the house: everything.
    #[default]
    Internal,
    /// Customers: what happened, whom it touched, how fast it was mended; no people, no addresses,
    /// no machine's words.
    Customer,
    /// An authority: everything that happened, people by stand-ins, no addresses.
    Regulator,
}

/// The sections that customers see.
const FOR_CUSTOMERS: [&str; 4] = ["timings", "impact", "graph", "actions"];

/// A record of which a reader may see everything.
#[derive(Clone, Debug)]
pub struct Redacted {
    /// The plan.
    pub plan: Plan,
    /// The events.
    pub events: Vec<RunEvent>,
}

/// Leaves out of a record what a reader must not see.
///
/// # Errors
/// Only if the record cannot be written and read back as JSON, which every record can.
pub fn record(
    profile: Profile,
    plan: &Plan,
    events: &[RunEvent],
) -> Result<Redacted, serde_json::Error> {
    if profile == Profile::Internal {
        return Ok(Redacted {
            plan: plan.clone(),
            events: events.to_vec(),
        });
    }
    let hider = Hider::of(profile, people(plan, events));
    Ok(Redacted {
        plan: rewritten(plan, &hider)?,
        events: events
            .iter()
            .map(|event| rewritten_event(event, &hider))
            .collect::<Result<_, _>>()?,
    })
}

/// Leaves out of a release what a reader must not see.
///
/// # Errors
/// Only if it cannot be written and read back as JSON, which every release can.
pub fn release(
    profile: Profile,
    plan: &Plan,
    release: &Release,
) -> Result<Release, serde_json::Error> {
    if profile == Profile::Internal {
        return Ok(release.clone());
    }
    let mut named = people(plan, &[]);
    let poll = release.go_no_go.poll.iter();
    named.extend(poll.flat_map(|position| position.voters.iter().cloned()));
    rewritten(release, &Hider::of(profile, named))
}

/// Leaves out of an account what a reader must not see as a whole.
pub fn account(profile: Profile, mut account: Account) -> Account {
    match profile {
        Profile::Internal | Profile::Regulator => {}
        Profile::Customer => {
            account.timeline.clear();
            account.undo.clear();
            account.approvals.clear();
            account.notices.clear();
            account.verdicts.clear();
            account.left.clear();
            account.started_by = None;
            account.owner = None;
            account.gantry = None;
            account.sentence.clear();
            if let Some(trigger) = &mut account.trigger {
                trigger.samples.clear();
                trigger.sentence.clear();
            }
            if let Some(decision) = &mut account.decision {
                decision.sentence.clear();
                decision.by = None;
            }
            for node in &mut account.nodes {
                node.owner = None;
                node.stopped = None;
            }
            let told = |part: &gantry_model::command::Topic| {
                use gantry_model::command::Topic;
                match part {
                    Topic::Impact | Topic::Action => true,
                    Topic::General
                    | Topic::Factor
                    | Topic::Data
                    | Topic::WentWell
                    | Topic::WentBadly
                    | Topic::Lucky => false,
                }
            };
            account.remarks.retain(|remark| told(&remark.part));
        }
    }
    account
}

/// Leaves out of a document the sections that a reader does not see.
pub fn document(profile: Profile, mut document: Document) -> Document {
    match profile {
        Profile::Internal | Profile::Regulator => {}
        Profile::Customer => document
            .sections
            .retain(|section| FOR_CUSTOMERS.contains(&section.id)),
    }
    document
}

/// Collects everybody who is named.
fn people(plan: &Plan, events: &[RunEvent]) -> BTreeSet<String> {
    let mut named: BTreeSet<String> = plan.owner.iter().cloned().collect();
    for node in &plan.nodes {
        named.extend(node.owner.clone());
        named.extend(node.run.as_ref().and_then(|task| task.owner.clone()));
    }
    named.extend(
        plan.stakeholders
            .iter()
            .filter_map(|one| one.via.to.clone()),
    );
    for event in events {
        if let Ok(value) = serde_json::to_value(event) {
            for key in ["by", "owner"] {
                named.extend(value.get(key).and_then(Value::as_str).map(str::to_owned));
            }
        }
    }
    named
}

fn rewritten<T: Serialize + DeserializeOwned>(
    whole: &T,
    hider: &Hider,
) -> Result<T, serde_json::Error> {
    let mut value = serde_json::to_value(whole)?;
    hider.hide(&mut value);
    serde_json::from_value(value)
}

fn rewritten_event(event: &RunEvent, hider: &Hider) -> Result<RunEvent, serde_json::Error> {
    let mut value = serde_json::to_value(event)?;
    hider.hide(&mut value);
    Ok(RunEvent {
        seq: event.seq,
        at: event.at,
        what: serde_json::from_value(value)?,
    })
}
