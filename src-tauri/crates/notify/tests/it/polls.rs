//! Votes that are asked for, reminders, escalation, and the date.

use gantry_model::{time::Timestamp, unit::Span};
use gantry_notify::{notice::Notice, votes::due, wording::Wordings};
use gantry_readiness::{
    agenda::Agenda,
    entry::{Person, PublicKey, Signed},
    event::{Happened, Vote},
    preparation::Preparation,
    stage::Stage,
};
use serde_json::json;

use crate::given::{at, plan_of, release};

struct Room {
    events: Vec<Signed>,
    plan: gantry_model::plan::Plan,
    agenda: Agenda,
}

fn room() -> Room {
    let more = json!({
        "go-no-go": {
            "poll": [
                { "role": "QA", "voters": ["qa@example.com"] },
                { "role": "DBA", "voters": ["dba@example.com"] },
                { "role": "Product", "voters": ["dana"], "advisory": true }
            ],
            "deadline": "3h"
        },
        "notify": { "remind": "1h", "escalate": { "after": "2h", "to": "Support" } }
    });
    let plan = plan_of(more.clone());
    let agenda = Agenda::of(&release(more), &plan);
    let mut room = Room {
        events: Vec::new(),
        plan,
        agenda,
    };
    let presented = Happened::Presented {
        plan: room.plan.digest,
        agenda: Box::new(room.agenda.clone()),
        changes: Vec::new(),
    };
    room.add(presented, at("08:00:00"));
    room
}

impl Room {
    fn add(&mut self, happened: Happened, at: Timestamp) {
        self.events.push(Signed {
            seq: self.events.len() as u64 + 1,
            at,
            by: Person {
                name: "dana".into(),
                key: PublicKey::of([7; 32]),
            },
            happened,
        });
    }

    fn vote(&mut self, role: &str, vote: Vote, at: Timestamp) {
        let plan = self.plan.digest;
        let (stage, role) = (Stage::Start, role.to_owned());
        self.add(
            Happened::Voted {
                stage,
                role,
                vote,
                plan,
                comment: None,
            },
            at,
        );
    }

    fn due(&self, now: Timestamp) -> Vec<Notice> {
        let preparation = Preparation::fold(&self.events);
        due(
            &self.plan,
            (&self.agenda, &preparation),
            &Wordings::default(),
            now,
        )
    }

    fn told(&self, now: Timestamp) -> Vec<(String, String)> {
        let due = self.due(now).into_iter();
        let mut told: Vec<(String, String)> = due.map(|one| (one.stakeholder, one.event)).collect();
        told.sort();
        told
    }
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn a_date_is_told_once_the_plan_is_put_before_people() {
    let room = room();
    assert_eq!(
        room.told(at("08:01:00")),
        pairs(&[("Support", "scheduled")])
    );
    let [first] = room.due(at("08:01:00")).try_into().unwrap();
    let [again] = room.due(at("12:00:00")).try_into().unwrap();
    assert_eq!(first.key, again.key);
    assert!(
        first.body.contains("2026-12-01 20:00 Europe/Berlin"),
        "{}",
        first.body
    );
    assert_eq!(room.told(at("19:00:00")), [], "the window has opened");
}

#[test]
fn a_vote_is_asked_for_reminded_of_and_escalated_and_silence_means_what_was_declared() {
    let mut room = room();
    room.add(
        Happened::PollOpened {
            stage: Stage::Start,
        },
        at("10:00:00"),
    );
    room.vote("QA", Vote::Go, at("10:05:00"));
    let base = [("Support", "scheduled"), ("Team", "vote-asked")];
    assert_eq!(room.told(at("10:10:00")), pairs(&base));
    let asked = room
        .due(at("10:10:00"))
        .into_iter()
        .find(|one| one.event == "vote-asked")
        .unwrap();
    assert!(
        asked.body.contains("DBA (dba@example.com)"),
        "{}",
        asked.body
    );
    assert!(
        !asked.body.contains("QA") && !asked.body.contains("Product"),
        "{}",
        asked.body
    );
    assert!(
        asked
            .body
            .contains("2026-12-01 14:00 Europe/Berlin; a missing vote means hold")
    );

    let reminded = [base[0], base[1], ("Team", "vote-reminder")];
    assert_eq!(room.told(at("11:00:00")), pairs(&reminded));
    let escalated = [
        base[0],
        ("Support", "vote-escalated"),
        base[1],
        ("Team", "vote-reminder"),
    ];
    assert_eq!(room.told(at("12:30:00")), pairs(&escalated));
    let overdue = [
        base[0],
        ("Support", "vote-escalated"),
        ("Team", "vote-overdue"),
    ];
    assert_eq!(room.told(at("13:00:00")), pairs(&overdue));
}

#[test]
fn each_reminder_has_a_key_of_its_own_and_looking_often_sends_none_twice() {
    let mut room = room();
    room.add(
        Happened::PollOpened {
            stage: Stage::Start,
        },
        at("10:00:00"),
    );
    let mut keys = std::collections::BTreeSet::new();
    let mut now = at("10:00:00");
    while now < at("12:59:00") {
        keys.extend(room.due(now).into_iter().map(|one| (one.event, one.key)));
        now += Span::from_secs(61).as_delta();
    }
    let reminders = keys
        .iter()
        .filter(|(event, _)| event == "vote-reminder")
        .count();
    let asked = keys
        .iter()
        .filter(|(event, _)| event == "vote-asked")
        .count();
    assert_eq!((asked, reminders), (1, 2));
}

#[test]
fn who_has_voted_is_left_alone_and_a_new_round_asks_anew() {
    let mut room = room();
    room.add(
        Happened::PollOpened {
            stage: Stage::Start,
        },
        at("10:00:00"),
    );
    let first = room.due(at("10:00:30"));
    room.vote("QA", Vote::Go, at("10:05:00"));
    room.vote("DBA", Vote::Go, at("10:06:00"));
    assert_eq!(
        room.told(at("11:30:00")),
        pairs(&[("Support", "scheduled")])
    );
    room.add(
        Happened::Recycled {
            stage: Stage::Start,
            reason: "new facts".into(),
        },
        at("11:40:00"),
    );
    room.add(
        Happened::PollOpened {
            stage: Stage::Start,
        },
        at("11:41:00"),
    );
    let again = room.due(at("11:42:00"));
    let asked = |all: &[Notice]| {
        all.iter()
            .find(|one| one.event == "vote-asked")
            .unwrap()
            .key
            .clone()
    };
    assert_ne!(asked(&first), asked(&again));
}
