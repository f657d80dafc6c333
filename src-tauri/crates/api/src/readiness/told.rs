//! What people did before and around a run, as its report tells it.

use gantry_model::{id::RunId, time::Timestamp};
use gantry_readiness::{
    entry::Signed,
    event::{Evidence, Happened, Source, TestResult, Vote},
    heads,
    stage::Stage,
};
use gantry_report::account::prepared::{
    Overridden, Poll, Prepared, SignedHead, Ticked, Voted, Waived,
};

use super::desk::Desk;
use crate::{
    app::{App, Caller, KnownBy},
    error::ApiError,
};

/// Reads what people did before and around a run.
///
/// # Errors
/// `workspace`, `journal-broken`.
pub async fn prepared(app: &App, run: &RunId) -> Result<Prepared, ApiError> {
    // Reading needs nobody's name.
    let nobody = Caller {
        name: String::new(),
        known: KnownBy::Claim,
    };
    let desk = Desk::open(app, &nobody)?;
    let events = desk.record_of(run.release()).await?.events;
    Ok(of_run(&events, run))
}

/// Gathers what was for one run: all since the run before ended, until this one did.
pub fn of_run(events: &[Signed], run: &RunId) -> Prepared {
    let mut teller = Teller::default();
    for signed in events {
        match &signed.happened {
            Happened::RunStarted { run: other, .. } if other != run && teller.began => break,
            Happened::RunStarted { run: this, .. } if this == run => teller.began = true,
            Happened::RunEnded { run: this, .. } if this == run => break,
            Happened::RunEnded { .. } => teller = Teller::default(),
            // Everything else is told, or says nothing to a reader.
            _ => teller.take(signed),
        }
    }
    Prepared {
        heads: heads::of(events, run).into_iter().map(head).collect(),
        ..teller.prepared
    }
}

fn head(signed: heads::SignedHead) -> SignedHead {
    SignedHead {
        entry: signed.entry,
        at: signed.at,
        by: signed.by.name,
        key: signed.by.key.as_str().to_owned(),
        seq: signed.head.seq,
        hash: signed.head.hash.to_string(),
    }
}

#[derive(Default)]
struct Teller {
    prepared: Prepared,
    plan: Option<gantry_model::digest::Digest>,
    began: bool,
}

impl Teller {
    fn take(&mut self, signed: &Signed) {
        match &signed.happened {
            Happened::Presented { plan, changes, .. } => {
                if self.plan.is_some_and(|before| before != *plan) {
                    let why = format!("the plan changed: {}", changes.join("; "));
                    self.void(|_| true, &why);
                }
                self.plan = Some(*plan);
            }
            Happened::PollOpened { stage } => {
                if let Some(poll) = self.poll(stage) {
                    poll.opened_at.get_or_insert(signed.at);
                }
            }
            Happened::Recycled { stage, reason } => {
                let word = stage.to_string();
                self.void(|poll| poll.stage == word, &format!("a new round: {reason}"));
                if let Some(poll) = self.poll(stage) {
                    poll.opened_at = Some(signed.at);
                }
            }
            Happened::Voted { .. } => self.vote(signed),
            Happened::ItemAnswered { .. } => self.tick(signed),
            Happened::WaiverAsked { .. } | Happened::WaiverApproved { .. } => self.waive(signed),
            Happened::Overridden { stage, reason, .. } => {
                let text = format!("lists and polls before {}", stage.words());
                self.overrule(signed, text, reason);
            }
            Happened::FreezeOverridden { freeze, reason, .. } => {
                self.overrule(signed, format!("the freeze {freeze}"), reason);
            }
            // Approvals are told from the run's own journal; the others are not for readers.
            _ => {}
        }
    }

    fn void(&mut self, which: impl Fn(&Poll) -> bool, why: &str) {
        let polls = self.prepared.polls.iter_mut().filter(|poll| which(poll));
        for vote in polls.flat_map(|poll| &mut poll.votes) {
            vote.void.get_or_insert_with(|| why.to_owned());
        }
    }

    fn poll(&mut self, stage: &Stage) -> Option<&mut Poll> {
        let stage = stage.to_string();
        let polls = &mut self.prepared.polls;
        if !polls.iter().any(|poll| poll.stage == stage) {
            polls.push(Poll {
                stage: stage.clone(),
                opened_at: None,
                votes: Vec::new(),
            });
        }
        polls.iter_mut().find(|poll| poll.stage == stage)
    }

    fn vote(&mut self, signed: &Signed) {
        let Happened::Voted {
            stage,
            role,
            vote,
            comment,
            ..
        } = &signed.happened
        else {
            return;
        };
        let (word, text) = match vote {
            Vote::Go => ("go", None),
            Vote::NoGo => ("no-go", None),
            Vote::Condition { item, .. } => ("condition", Some(item.clone())),
            Vote::Absent => ("absent", None),
            Vote::Delegated { to } => ("delegated", Some(to.clone())),
        };
        let why = format!("replaced by entry {}", signed.seq);
        let Some(poll) = self.poll(stage) else { return };
        let earlier = poll.votes.iter_mut().filter(|vote| vote.role == *role);
        for vote in earlier {
            vote.void.get_or_insert_with(|| why.clone());
        }
        poll.votes.push(Voted {
            entry: signed.seq,
            at: signed.at,
            role: role.clone(),
            by: signed.by.name.clone(),
            vote: word.to_owned(),
            text,
            comment: comment.clone(),
            void: None,
        });
    }

    fn tick(&mut self, signed: &Signed) {
        let Happened::ItemAnswered {
            item,
            result,
            source,
            comment,
            evidence,
        } = &signed.happened
        else {
            return;
        };
        let result = match result {
            TestResult::Pass => "pass",
            TestResult::Fail => "fail",
            TestResult::NotTested => "not-tested",
        };
        self.prepared.items.retain(|ticked| ticked.place != *item);
        self.prepared.items.push(Ticked {
            entry: signed.seq,
            at: signed.at,
            place: item.clone(),
            result: result.to_owned(),
            by: signed.by.name.clone(),
            automatic: *source == Source::Check,
            comment: comment.clone(),
            evidence: evidence.as_ref().map(|evidence| match evidence {
                Evidence::Link(link) => link.clone(),
                Evidence::File { name, sha256 } => format!("{name} ({sha256})"),
            }),
        });
    }

    fn waive(&mut self, signed: &Signed) {
        let waivers = &mut self.prepared.waivers;
        match &signed.happened {
            Happened::WaiverAsked {
                item,
                reason,
                risk,
                expires,
            } => waivers.push(waived(signed, item, (reason, risk, *expires))),
            Happened::WaiverApproved { item } => {
                let asked = waivers
                    .iter_mut()
                    .rev()
                    .find(|waived| waived.place == *item);
                if let Some(waived) = asked {
                    waived.approver = Some(signed.by.name.clone());
                    waived.approved_entry = Some(signed.seq);
                }
            }
            // Only waivers come by here.
            _ => {}
        }
    }

    fn overrule(&mut self, signed: &Signed, text: String, reason: &str) {
        self.prepared.overrides.push(Overridden {
            entry: signed.seq,
            at: signed.at,
            text,
            by: signed.by.name.clone(),
            reason: reason.to_owned(),
        });
    }
}

fn waived(signed: &Signed, item: &str, asked: (&str, &str, Timestamp)) -> Waived {
    let (reason, risk, expires) = asked;
    Waived {
        entry: signed.seq,
        at: signed.at,
        place: item.to_owned(),
        owner: signed.by.name.clone(),
        reason: reason.to_owned(),
        risk: risk.to_owned(),
        expires,
        approver: None,
        approved_entry: None,
    }
}
