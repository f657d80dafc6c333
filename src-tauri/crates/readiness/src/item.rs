//! How an item of a checklist stands.

use gantry_model::{release::people::Item, time::Timestamp};
use serde::Serialize;

use crate::{
    event::TestResult,
    preparation::{
        Preparation,
        fact::{Answer, Waiver},
    },
};

/// What an item counts as now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is so.
    Pass,
    /// It is not so.
    Fail,
    /// Nobody knows, or what was known has grown stale.
    NotTested,
    /// It is gone without, by a waiver that somebody else approved.
    Waived,
}

impl Standing {
    /// Gives the word that stands in JSON and on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotTested => "not-tested",
            Self::Waived => "waived",
        }
    }

    /// Whether a required item lets the release pass.
    pub fn lets_pass(self) -> bool {
        match self {
            Self::Pass | Self::Waived => true,
            Self::Fail | Self::NotTested => false,
        }
    }
}

/// How an item stands, with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// What it counts as.
    pub standing: Standing,
    /// Why it counts so, after "is": `not tested`, `failed at 12:00`.
    pub why: String,
}

/// Tells how an item stands.
pub fn stand(preparation: &Preparation, place: &str, item: &Item, now: Timestamp) -> Stand {
    let answer = preparation.answers.get(place);
    let waiver = preparation.waivers.get(place);
    match (answer, waiver) {
        // What was shown to be so needs no waiver.
        (Some(answer), _) if answer.result == TestResult::Pass && is_fresh(item, answer, now) => {
            of(Standing::Pass, format!("passed, says {}", answer.by))
        }
        (_, Some(waiver)) if counts(waiver, now) => waived(waiver),
        (Some(answer), waiver) => answered(item, answer, now).with(waiver, now),
        (None, waiver) => of(Standing::NotTested, "not tested".into()).with(waiver, now),
    }
}

/// Gives the sentence of why a required item does not let the release pass.
pub fn complaint(
    preparation: &Preparation,
    place: &str,
    item: &Item,
    now: Timestamp,
) -> Option<String> {
    let stand = stand(preparation, place, item, now);
    (item.required && !stand.standing.lets_pass()).then(|| {
        let owner = item.owner.as_deref();
        let owner = owner.map(|owner| format!(" ({owner})")).unwrap_or_default();
        format!("{place}{owner} is {}: {}", stand.why, item.item)
    })
}

fn answered(item: &Item, answer: &Answer, now: Timestamp) -> Stand {
    let said = answer.comment.as_deref();
    let said = said.map(|said| format!(" ({said})")).unwrap_or_default();
    match answer.result {
        TestResult::Fail => of(Standing::Fail, format!("failed{said}")),
        TestResult::NotTested => of(Standing::NotTested, format!("not tested{said}")),
        TestResult::Pass if is_fresh(item, answer, now) => of(Standing::Pass, "passed".into()),
        TestResult::Pass => {
            let limit = item
                .fresh
                .map(|fresh| fresh.to_string())
                .unwrap_or_default();
            let at = answer.at.format("%Y-%m-%d %H:%M:%SZ");
            let why = format!("not tested since {at}, longer ago than {limit}");
            of(Standing::NotTested, why)
        }
    }
}

/// An answer from the future is as good as none: a clock went back meanwhile.
fn is_fresh(item: &Item, answer: &Answer, now: Timestamp) -> bool {
    item.fresh.is_none_or(|fresh| {
        let age = now.signed_duration_since(answer.at);
        age <= fresh.as_delta() && age >= -fresh.as_delta()
    })
}

/// Gives until when an answer counts, where that is limited.
pub fn fresh_until(item: &Item, answer: &Answer) -> Option<Timestamp> {
    let fresh = item.fresh?;
    answer.at.checked_add_signed(fresh.as_delta())
}

fn counts(waiver: &Waiver, now: Timestamp) -> bool {
    waiver.approver.is_some() && now < waiver.expires
}

fn waived(waiver: &Waiver) -> Stand {
    let approver = waiver
        .approver
        .as_ref()
        .map_or("nobody", |person| person.name.as_str());
    let Waiver {
        owner,
        reason,
        risk,
        expires,
        ..
    } = waiver;
    let until = expires.format("%Y-%m-%d %H:%MZ");
    let why = format!(
        "waived by {} until {until}, approved by {approver}: {reason}; accepted risk: {risk}",
        owner.name
    );
    of(Standing::Waived, why)
}

fn of(standing: Standing, why: String) -> Stand {
    Stand { standing, why }
}

impl Stand {
    /// Says what a waiver that does not count wants.
    fn with(mut self, waiver: Option<&Waiver>, now: Timestamp) -> Self {
        let owner = waiver
            .map(|waiver| waiver.owner.name.as_str())
            .unwrap_or_default();
        match waiver {
            None => {}
            Some(waiver) if now >= waiver.expires => self.why += ", its waiver has expired",
            Some(_) => {
                self.why +=
                    &format!(", the waiver of {owner} waits for somebody else to approve it");
            }
        }
        self
    }
}
