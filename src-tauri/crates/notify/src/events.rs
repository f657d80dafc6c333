//! From events of a run to notices.

use gantry_model::{
    event::RunEvent,
    id::RunId,
    journal::Head,
    plan::Plan,
    release::stakeholder::{Occasion, Stakeholder},
    time::Timestamp,
};

use crate::{
    facts::Facts,
    matrix,
    notice::{self, Notice},
    subject::{self, Subject},
    wording::Wordings,
};

/// What is told, to be put into words for each who hears of it.
pub(crate) struct Matter<'a> {
    pub(crate) subject: Subject,
    pub(crate) at: Timestamp,
    pub(crate) run: Option<&'a RunId>,
    /// What tells it from others of the same instant.
    pub(crate) parts: Vec<String>,
    pub(crate) facts: Facts,
}

/// Writes the notices that an event leads to: one for each stakeholder who hears of it.
pub fn notices(plan: &Plan, wordings: &Wordings, run: &RunId, event: &RunEvent) -> Vec<Notice> {
    of_event(plan, wordings, (run, String::new()), event)
}

/// Writes the notices that an entry of the journal leads to; those for engineers end with where
/// the journal stood, so that whoever keeps them can tell later whether it was rewritten.
pub fn notices_at(
    plan: &Plan,
    wordings: &Wordings,
    (run, head): (&RunId, Head),
    event: &RunEvent,
) -> Vec<Notice> {
    let record = format!("Record: gantry journal verify {run} --head {head}");
    of_event(plan, wordings, (run, record), event)
}

fn of_event(
    plan: &Plan,
    wordings: &Wordings,
    (run, record): (&RunId, String),
    event: &RunEvent,
) -> Vec<Notice> {
    let Some(subject) = subject::of(plan, &event.what) else {
        return Vec::new();
    };
    let heard = |stakeholder: &&Stakeholder| matrix::hears(stakeholder, subject).is_some();
    if !plan.stakeholders.iter().any(|one| heard(&one)) {
        return Vec::new();
    }
    let facts = Facts::of_plan(plan, subject, event.at);
    let matter = Matter {
        subject,
        at: event.at,
        run: Some(run),
        parts: vec![run.to_string(), event.seq.to_string()],
        facts: Facts {
            record,
            ..facts.with_event(plan, &run.to_string(), &event.what)
        },
    };
    let all = plan.stakeholders.iter();
    all.filter_map(|stakeholder| told(plan, wordings, stakeholder, &matter))
        .collect()
}

/// Says whether an entry of this kind can lead to a notice, before it is read.
pub fn may_tell(kind: &str) -> bool {
    const KINDS: [&str; 14] = [
        "started",
        "step-started",
        "undo-started",
        "step-succeeded",
        "step-retried",
        "step-failed",
        "preflight-failed",
        "step-observed",
        "undo-observed",
        "trigger-tripped",
        "held",
        "resumed",
        "rollback-started",
        "undo-stuck",
    ];
    kind == "finished" || KINDS.contains(&kind)
}

/// Puts a matter into words for one stakeholder, if they hear of it.
pub(crate) fn told(
    plan: &Plan,
    wordings: &Wordings,
    stakeholder: &Stakeholder,
    matter: &Matter<'_>,
) -> Option<Notice> {
    let occasion = matrix::hears(stakeholder, matter.subject)?;
    Some(write(plan, wordings, (stakeholder, occasion), matter))
}

/// Puts a matter into words for one stakeholder, whatever they listen to.
pub(crate) fn write(
    plan: &Plan,
    wordings: &Wordings,
    (stakeholder, occasion): (&Stakeholder, Occasion),
    matter: &Matter<'_>,
) -> Notice {
    let written = wordings.write(stakeholder, &matter.facts);
    let mut parts: Vec<&str> = matter.parts.iter().map(String::as_str).collect();
    parts.extend([matter.subject.word(), &stakeholder.name]);
    Notice {
        key: notice::key(&plan.release, matter.at, &parts),
        release: plan.release.clone(),
        run: matter.run.cloned(),
        environment: plan.environment.clone(),
        plan: plan.digest,
        stakeholder: stakeholder.name.clone(),
        audience: stakeholder.audience,
        via: stakeholder.via.clone(),
        occasion,
        event: matter.subject.word().to_owned(),
        urgency: matter.subject.urgency(),
        mood: matter.subject.mood(),
        at: matter.at,
        title: written.title,
        body: written.body,
    }
}
