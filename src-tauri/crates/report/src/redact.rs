//! Who may see what: profiles that act on the record before anybody reads it.
//!
//! Redacting the record and not the document means that no renderer, no picture and no JSON can
//! let through what another leaves out.

mod hide;

use std::collections::BTreeSet;

use gantry_model::{event::RunEvent, plan::Plan, release::Release};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    account::{Account, notices::Told, prepared::Prepared},
    document::Document,
};
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

/// All that is known of a run.
#[derive(Clone, Copy, Debug)]
pub struct Whole<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The events.
    pub events: &'a [RunEvent],
    /// What people did before and around it.
    pub prepared: &'a Prepared,
    /// What people were told.
    pub notices: &'a [Told],
}

impl<'a> Whole<'a> {
    /// A plan and events alone, as a brief has them.
    pub fn plain(plan: &'a Plan, events: &'a [RunEvent]) -> Self {
        const NOTHING: &Prepared = &Prepared {
            polls: Vec::new(),
            waivers: Vec::new(),
            overrides: Vec::new(),
            items: Vec::new(),
            heads: Vec::new(),
        };
        Self {
            plan,
            events,
            prepared: NOTHING,
            notices: &[],
        }
    }
}

/// A record of which a reader may see everything.
#[derive(Clone, Debug)]
pub struct Redacted {
    /// The plan.
    pub plan: Plan,
    /// The events.
    pub events: Vec<RunEvent>,
    /// What people did before and around it.
    pub prepared: Prepared,
    /// What people were told.
    pub notices: Vec<Told>,
}

/// Leaves out of a record what a reader must not see.
///
/// # Errors
/// Only if the record cannot be written and read back as JSON, which every record can.
pub fn record(profile: Profile, whole: &Whole<'_>) -> Result<Redacted, serde_json::Error> {
    let Whole {
        plan,
        events,
        prepared,
        notices,
    } = *whole;
    if profile == Profile::Internal {
        return Ok(Redacted {
            plan: plan.clone(),
            events: events.to_vec(),
            prepared: prepared.clone(),
            notices: notices.to_vec(),
        });
    }
    let mut named = people(plan, events);
    named.extend(prepared.people().cloned());
    let read = notices.iter().filter_map(|told| told.acknowledged.as_ref());
    named.extend(read.map(|read| read.by.clone()));
    let hider = Hider::of(profile, named);
    let event = |event| rewritten_event(event, &hider);
    Ok(Redacted {
        plan: rewritten(plan, &hider)?,
        events: events.iter().map(event).collect::<Result<_, _>>()?,
        prepared: rewritten(prepared, &hider)?,
        notices: rewritten(&notices.to_vec(), &hider)?,
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
            account.prepared = Prepared::default();
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
