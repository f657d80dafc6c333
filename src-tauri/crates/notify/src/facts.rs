//! What a wording may use: facts of the release and of one event, in words and without secrets.

use chrono::TimeDelta;
use gantry_model::{
    event::{Happened, Place},
    plan::{Action, Plan},
    release::Window,
    time::Timestamp,
    unit::Span,
};
use gantry_readiness::calendar;
use serde::Serialize;

use crate::subject::{self, Subject};

/// What a wording may use. What is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// What happened, as [`Subject::word`] names it.
    pub event: &'static str,
    /// The release's id.
    pub release: String,
    /// Its title, else its id.
    pub name: String,
    /// Its title, else words that name nothing internal.
    pub public_name: String,
    /// Where it goes.
    pub environment: String,
    /// The run.
    pub run: String,
    /// Who answers for the release.
    pub owner: String,
    /// When it happened, in the zone of the release.
    pub at: String,
    /// The node that it is about.
    pub node: String,
    /// The step that it is about.
    pub step: String,
    /// Who did it.
    pub by: String,
    /// Why, in the sentence of the record.
    pub reason: String,
    /// What changes: `orders 2.3.1 → 2.4.0`.
    pub changes: Vec<String>,
    /// The nodes that are left changed.
    pub changed: Vec<String>,
    /// How long it takes.
    pub estimate: String,
    /// When it should be over.
    pub ends: String,
    /// How long going back takes.
    pub rollback_estimate: String,
    /// When it is tried again, or until when an answer is waited for.
    pub until: String,
    /// When the window opens.
    pub opens: String,
    /// When the window closes.
    pub closes: String,
    /// What is voted on.
    pub stage: String,
    /// The positions that have not answered: `QA (qa@example.com)`.
    pub missing: Vec<String>,
    /// What the deadline of a poll means: `hold` or `no-go`.
    pub on_deadline: String,
    /// What approves, retries or takes it up again: a line to type.
    pub command: String,
    /// The last entry of the record and its hash, for the end of a message.
    pub record: String,
}

impl Facts {
    /// Gathers what is known of a release before anything happens.
    pub fn of_plan(plan: &Plan, subject: Subject, at: Timestamp) -> Self {
        let zone = Zone::of(plan);
        let window = plan.window.as_ref();
        let edge = |find: fn(&Window) -> Option<Timestamp>| {
            window
                .and_then(find)
                .map(|at| zone.say(at))
                .unwrap_or_default()
        };
        let release = plan.release.to_string();
        let title = plan.title.clone().filter(|title| !title.trim().is_empty());
        Self {
            event: subject.word(),
            name: title.clone().unwrap_or_else(|| release.clone()),
            public_name: title.unwrap_or_else(|| "A planned change".to_owned()),
            environment: plan.environment.to_string(),
            owner: plan.owner.clone().unwrap_or_default(),
            at: zone.say(at),
            changes: changes(plan),
            estimate: estimate(plan),
            ends: ends(plan, at).map(|at| zone.say(at)).unwrap_or_default(),
            opens: edge(calendar::opens),
            closes: edge(calendar::closes),
            release,
            ..Self::default()
        }
    }

    /// Adds what an event of a run says.
    #[must_use]
    pub fn with_event(mut self, plan: &Plan, run: &str, what: &Happened) -> Self {
        let zone = Zone::of(plan);
        self.run = run.to_owned();
        let said = Said::of(what);
        if let Some(place) = said.place {
            self.node = place.node.to_string();
            self.step = place.step.to_string();
        }
        self.by = said.by.unwrap_or_default().to_owned();
        self.reason = said.reason.to_owned();
        self.until = said.until.map(|at| zone.say(at)).unwrap_or_default();
        match what {
            Happened::RollbackStarted(started) => {
                self.rollback_estimate = started.estimate().to_string();
            }
            Happened::Finished { changed, .. } => {
                self.changed = changed.iter().map(ToString::to_string).collect();
            }
            Happened::StepStarted { place, .. } => self.reason = task(plan, place),
            _without_more => {}
        }
        self.command = command(&self);
        self
    }
}

/// The few things that an event says of itself.
#[derive(Default)]
struct Said<'a> {
    place: Option<&'a Place>,
    by: Option<&'a str>,
    reason: &'a str,
    until: Option<Timestamp>,
}

impl<'a> Said<'a> {
    fn of(what: &'a Happened) -> Self {
        let mut said = Self::default();
        match what {
            Happened::Started(started) => said.by = Some(&started.by),
            Happened::StepStarted { place, until, .. } => {
                (said.place, said.until) = (Some(place), *until);
            }
            Happened::UndoStarted { place, until, .. } => {
                (said.place, said.until) = (Some(place), *until);
            }
            Happened::StepSucceeded { place, .. } => said.place = Some(place),
            Happened::StepRetried {
                place,
                until,
                message,
                ..
            } => {
                said = Self {
                    place: Some(place),
                    until: Some(*until),
                    reason: message,
                    by: None,
                };
            }
            Happened::StepFailed { place, message, .. }
            | Happened::PreflightFailed { place, message }
            | Happened::StepObserved { place, message, .. }
            | Happened::UndoObserved { place, message, .. }
            | Happened::UndoStuck { place, message, .. } => {
                (said.place, said.reason) = (Some(place), message);
            }
            Happened::TriggerTripped(trip) => said.reason = &trip.message,
            Happened::Held { by, message, .. } | Happened::Resumed { by, message, .. } => {
                (said.by, said.reason) = (by.as_deref(), message);
            }
            Happened::RollbackStarted(started) => {
                (said.by, said.reason) = (started.by.as_deref(), &started.message);
            }
            Happened::Finished { message, .. } => said.reason = message,
            _nobody_is_told_of_it => {}
        }
        said
    }
}

fn task(plan: &Plan, place: &Place) -> String {
    let step = plan
        .step(&place.step)
        .and_then(|step| plan.steps.get(step.at()));
    match step.map(|step| &step.action) {
        Some(Action::Approve { gate, count: 1 }) => format!("one approval of `{gate}`"),
        Some(Action::Approve { gate, count }) => format!("{count} approvals of `{gate}`"),
        Some(_by_hand) => subject::node(plan, place)
            .and_then(|node| node.run.as_ref()?.manual.clone())
            .unwrap_or_default(),
        None => String::new(),
    }
}

/// Gives the line that a person would type next.
fn command(facts: &Facts) -> String {
    let Facts { release, node, .. } = facts;
    match facts.event {
        "approval" => format!("gantry approve {release} {node}"),
        "by-hand" => format!("gantry done {release} {node}"),
        "unknown" => format!("gantry resolve {release} {node} --as applied|not-applied --reason …"),
        "stuck" => format!("gantry retry {release} {node}"),
        "held" | "window-closed" => format!("gantry resume {release}"),
        _other => format!("gantry status {release}"),
    }
}

fn changes(plan: &Plan) -> Vec<String> {
    let versions = plan.nodes.iter().filter_map(|node| {
        let version = node.version.as_ref()?;
        let from = version.from.as_ref().map(|from| format!("{from} → "));
        let from = from.unwrap_or_default();
        Some(format!("{} {from}{}", node.service, version.to))
    });
    versions.collect()
}

fn estimate(plan: &Plan) -> String {
    let path = &plan.critical_path;
    match (path.estimate, path.at_least) {
        (Span::ZERO, _) => String::new(),
        (estimate, true) => format!("at least {estimate}"),
        (estimate, false) => format!("about {estimate}"),
    }
}

fn ends(plan: &Plan, at: Timestamp) -> Option<Timestamp> {
    let path = &plan.critical_path;
    if path.at_least || path.estimate == Span::ZERO {
        return None;
    }
    at.checked_add_signed(TimeDelta::milliseconds(
        i64::try_from(path.estimate.as_millis()).ok()?,
    ))
}

/// The zone in which people read times.
pub(crate) struct Zone(chrono_tz::Tz);

impl Zone {
    /// That of the window; UTC where there is none.
    pub(crate) fn of(plan: &Plan) -> Self {
        let window = plan.window.as_ref();
        Self(window.map_or(chrono_tz::Tz::UTC, |window| window.timezone))
    }

    /// Says an instant: `2026-12-01 20:00 Europe/Berlin`.
    pub(crate) fn say(&self, at: Timestamp) -> String {
        let local = at.with_timezone(&self.0);
        format!("{} {}", local.format("%Y-%m-%d %H:%M"), self.0.name())
    }
}
