//! A release, people, and a record that grows by what they ask.

use std::collections::BTreeSet;

use gantry_model::{
    digest::Digest,
    release::people::{Item, OnSilence, PollStage, Position},
    time::Timestamp,
    unit::Span,
};
use gantry_readiness::{
    agenda::{Agenda, AuthorRule, List, Poll},
    decide::{Given, Refusal, decide},
    entry::{Person, PublicKey, Signed},
    event::{Happened, Source, TestResult, Vote},
    gate,
    house::House,
    preparation::Preparation,
    request::Request,
    stage::Stage,
};

pub(crate) fn at(text: &str) -> Timestamp {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// Everybody has a key of their own.
pub(crate) fn person(name: &str) -> Person {
    Person {
        name: name.into(),
        key: PublicKey::of(*Digest::of(name).as_bytes()),
    }
}

pub(crate) fn position(role: &str, voter: &str) -> Position {
    Position {
        role: role.into(),
        voters: vec![voter.into()],
        advisory: false,
        mandatory: false,
    }
}

pub(crate) fn item(id: &str) -> Item {
    Item {
        id: id.into(),
        item: format!("{id} is done"),
        owner: Some("dba".into()),
        required: true,
        check: None,
        fresh: None,
        assignee: None,
        link: None,
        only: None,
    }
}

/// One list with one item, and a poll of QA (ann) and Support (bob).
pub(crate) fn agenda() -> Agenda {
    Agenda {
        release: "shop-2.4".parse().unwrap(),
        title: None,
        environment: "production".parse().unwrap(),
        services: BTreeSet::from(["orders".parse().unwrap()]),
        link: None,
        lists: vec![List {
            name: "pre-deployment".into(),
            items: vec![item("backup")],
        }],
        poll: Some(Poll {
            positions: vec![position("QA", "ann"), position("Support", "bob")],
            at: vec![PollStage::Start],
            quorum: None,
            deadline: Some(Span::from_secs(3600)),
            on_deadline: OnSilence::Hold,
        }),
        may_override: vec![],
        author: AuthorRule::MayNot,
        crossings: vec!["orders-db/contract".parse().unwrap()],
        assessments: vec![],
    }
}

pub(crate) struct World {
    pub(crate) preparation: Preparation,
    pub(crate) house: House,
    pub(crate) now: Timestamp,
    seq: u64,
}

impl World {
    /// A plan that dana put before people at noon.
    pub(crate) fn with(agenda: Agenda) -> Self {
        let mut world = Self {
            preparation: Preparation::default(),
            house: House::default(),
            now: at("2026-12-01T12:00:00Z"),
            seq: 0,
        };
        world.present("one", agenda);
        world
    }

    pub(crate) fn present(&mut self, plan: &str, agenda: Agenda) {
        let present = Request::Present {
            plan: Digest::of(plan),
            agenda: Box::new(agenda),
            changes: vec![format!("orders goes to {plan}")],
        };
        self.ask("dana", present).unwrap();
    }

    pub(crate) fn happen(&mut self, by: &str, happened: Happened) {
        self.seq += 1;
        self.preparation.apply(&Signed {
            seq: self.seq,
            at: self.now,
            by: person(by),
            happened,
        });
    }

    pub(crate) fn ask(&mut self, by: &str, request: Request) -> Result<usize, Refusal> {
        let person = person(by);
        let given = Given {
            preparation: &self.preparation,
            house: &self.house,
            by: &person,
            now: self.now,
        };
        let events = decide(given, &request)?;
        let count = events.len();
        for happened in events {
            self.happen(by, happened);
        }
        Ok(count)
    }

    pub(crate) fn vote(&mut self, by: &str, role: &str, vote: Vote) -> Result<usize, Refusal> {
        let role = role.into();
        self.ask(
            by,
            Request::Vote {
                stage: None,
                role,
                vote,
                comment: None,
            },
        )
    }

    pub(crate) fn tick(
        &mut self,
        by: &str,
        item: &str,
        result: TestResult,
    ) -> Result<usize, Refusal> {
        self.answer(by, item, result, Source::Person)
    }

    pub(crate) fn answer(
        &mut self,
        by: &str,
        item: &str,
        result: TestResult,
        source: Source,
    ) -> Result<usize, Refusal> {
        let item = item.into();
        self.ask(
            by,
            Request::Answer {
                item,
                result,
                source,
                comment: None,
                evidence: None,
            },
        )
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += chrono::TimeDelta::seconds(seconds);
    }

    pub(crate) fn reasons(&self, stage: &Stage) -> Vec<String> {
        let agenda = &self.preparation.presented.as_ref().unwrap().agenda;
        gate::ask(agenda, (&self.preparation, &self.house), stage, self.now).reasons
    }

    pub(crate) fn may_start(&self) -> bool {
        self.reasons(&Stage::Start).is_empty()
    }

    /// Everything that is asked before the start is said.
    pub(crate) fn all_go(&mut self) {
        self.tick("carl", "backup", TestResult::Pass).unwrap();
        self.vote("ann", "QA", Vote::Go).unwrap();
        self.vote("bob", "Support", Vote::Go).unwrap();
    }
}
