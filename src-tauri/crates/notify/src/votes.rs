//! What is told before there is a run: the date, votes that are asked for, reminders, escalation.
//!
//! All of it follows from what was recorded and from the time. Asked twice for the same moment, it
//! gives messages with the same keys, so that asking often sends nothing twice.

use gantry_model::{
    id::ReleaseId,
    plan::Plan,
    release::{
        people::OnSilence,
        stakeholder::{Occasion, Stakeholder},
    },
    time::Timestamp,
    unit::Span,
};
use gantry_readiness::{
    agenda::Agenda,
    calendar,
    poll::{self, Decision, Stand, Word},
    preparation::Preparation,
    stage::Stage,
};

use crate::{
    events::{Matter, told, write},
    facts::{Facts, Zone},
    notice::Notice,
    subject::Subject,
    wording::Wordings,
};

/// Writes everything that is due by now about the preparation of a release.
pub fn due(
    plan: &Plan,
    (agenda, preparation): (&Agenda, &Preparation),
    wordings: &Wordings,
    now: Timestamp,
) -> Vec<Notice> {
    let stages = preparation.stages_now(agenda);
    let mut matters: Vec<Matter<'_>> = scheduled(plan, preparation, now).into_iter().collect();
    let mut notices = Vec::new();
    for stage in &stages {
        if let Some(open) = Open::find(agenda, preparation, stage, now) {
            matters.extend(open.matters(plan, now));
            notices.extend(open.escalation(plan, wordings, now));
        }
    }
    let all = plan.stakeholders.iter();
    let told = all.flat_map(|one| {
        let matters = matters.iter();
        matters.filter_map(move |matter| told(plan, wordings, one, matter))
    });
    notices.extend(told);
    notices
}

/// A window that is still ahead is told as soon as its plan is put before people.
fn scheduled<'a>(plan: &Plan, preparation: &Preparation, now: Timestamp) -> Option<Matter<'a>> {
    let presented = preparation.presented.as_ref()?;
    let window = plan.window.as_ref()?;
    let opens = calendar::opens(window).filter(|opens| *opens > now)?;
    if preparation.under_way().is_some() || presented.plan != plan.digest {
        return None;
    }
    Some(Matter {
        subject: Subject::Scheduled,
        at: opens,
        run: None,
        parts: vec![window.opens.clone(), window.closes.clone()],
        facts: Facts::of_plan(plan, Subject::Scheduled, opens),
    })
}

/// A poll that is open and waits for somebody.
struct Open<'a> {
    stage: &'a Stage,
    opened: Timestamp,
    stand: Stand,
    on_deadline: OnSilence,
}

impl<'a> Open<'a> {
    fn find(
        agenda: &Agenda,
        preparation: &Preparation,
        stage: &'a Stage,
        now: Timestamp,
    ) -> Option<Self> {
        let opened = *preparation.opened.get(stage)?;
        let on_deadline = agenda.polls_at(stage)?.on_deadline;
        let stand = poll::stand(agenda, preparation, stage, now)?;
        let open = Self {
            stage,
            opened,
            stand,
            on_deadline,
        };
        let waits = match open.stand.decision {
            Decision::Open | Decision::Held => true,
            // Only silence makes a no-go that people are asked about.
            Decision::NoGo => {
                open.is_late(now)
                    && open
                        .stand
                        .positions
                        .iter()
                        .all(|one| one.word != Word::NoGo)
            }
            Decision::Go => false,
        };
        (waits && !open.missing().is_empty()).then_some(open)
    }

    fn is_late(&self, now: Timestamp) -> bool {
        self.stand.deadline.is_some_and(|deadline| now >= deadline)
    }

    fn missing(&self) -> Vec<String> {
        let silent = self.stand.positions.iter().filter(|one| {
            !one.advisory && matches!(one.word, Word::Silent | Word::Delegated | Word::Absent)
        });
        silent
            .map(|one| format!("{} ({})", one.role, one.voters.join(", ")))
            .collect()
    }

    fn matters(&self, plan: &Plan, now: Timestamp) -> Vec<Matter<'a>> {
        if self.is_late(now) {
            let at = self.stand.deadline.unwrap_or(now);
            return vec![self.matter(plan, Subject::VoteOverdue, (at, 0))];
        }
        let mut matters = vec![self.matter(plan, Subject::VoteAsked, (self.opened, 0))];
        if let Some(number) = plan
            .notify
            .remind
            .and_then(|every| self.reminders(every, now))
        {
            matters.push(self.matter(plan, Subject::VoteReminder, (now, number)));
        }
        matters
    }

    /// Gives the number of the last reminder that is due; after a pause only that one is sent.
    fn reminders(&self, every: Span, now: Timestamp) -> Option<u64> {
        let waited = u64::try_from((now - self.opened).num_milliseconds()).ok()?;
        let number = waited.checked_div(every.as_millis())?;
        (number > 0).then_some(number)
    }

    /// Whoever is named is told, whatever else they listen to.
    fn escalation(&self, plan: &Plan, wordings: &Wordings, now: Timestamp) -> Option<Notice> {
        let escalate = plan.notify.escalate.as_ref()?;
        let at = self.opened + escalate.after.as_delta();
        if now < at {
            return None;
        }
        let named = |one: &&Stakeholder| one.name == escalate.to;
        let stakeholder = plan.stakeholders.iter().find(named)?;
        let matter = self.matter(plan, Subject::VoteEscalated, (at, 0));
        Some(write(
            plan,
            wordings,
            (stakeholder, Occasion::Poll),
            &matter,
        ))
    }

    fn matter(&self, plan: &Plan, subject: Subject, (at, number): (Timestamp, u64)) -> Matter<'a> {
        let zone = Zone::of(plan);
        let facts = Facts {
            stage: self.stage.words(),
            missing: self.missing(),
            until: self
                .stand
                .deadline
                .map(|at| zone.say(at))
                .unwrap_or_default(),
            on_deadline: silence(self.on_deadline).to_owned(),
            command: vote_line(&plan.release),
            ..Facts::of_plan(plan, subject, at)
        };
        Matter {
            subject,
            // The round that it belongs to: the moment of asking may differ from look to look.
            at: self.opened,
            run: None,
            parts: vec![self.stage.to_string(), number.to_string()],
            facts,
        }
    }
}

fn silence(on_deadline: OnSilence) -> &'static str {
    match on_deadline {
        OnSilence::Hold => "hold",
        OnSilence::NoGo => "no-go",
    }
}

fn vote_line(release: &ReleaseId) -> String {
    format!("gantry vote {release} --role ROLE go|no-go")
}
