//! A recorded run with a preparation, and who signs it.

use gantry_bundle::{
    archive::Parts,
    manifest::Subject,
    pack::{Content, Unsigned},
    part::Part,
};
use gantry_model::{
    digest::Digest,
    event::{Happened as Event, RunEvent},
    id::RunId,
    journal::{Entry, Head},
    plan::Plan,
    time::Timestamp,
};
use gantry_readiness::{
    entry::{Draft, Person, PublicKey, read_all},
    event::Happened,
    preparation,
};
use ring::signature::{Ed25519KeyPair, KeyPair};

/// A person with a key that follows from the name.
pub(crate) struct Signer {
    pub(crate) person: Person,
    pair: Ed25519KeyPair,
}

impl Signer {
    pub(crate) fn named(name: &str) -> Self {
        let seed = Digest::of(name);
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_bytes()).unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        let person = Person {
            name: name.to_owned(),
            key: PublicKey::of(public),
        };
        Self { person, pair }
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.pair.sign(bytes).as_ref().try_into().unwrap()
    }
}

/// The run that was recorded.
pub(crate) struct Given {
    pub(crate) run: RunId,
    pub(crate) journal: Vec<Entry>,
    pub(crate) preparation: Vec<Entry>,
    plan: String,
}

pub(crate) const RELEASE: &[u8] = b"gantry: 1\nrelease: rehearsal\n";

/// Reads the recorded run; `ann` signed its start and `dana` its end.
pub(crate) fn given() -> Given {
    let plan = include_str!("../../../report/tests/it/record/plan.json").to_owned();
    let lines = include_str!("../../../report/tests/it/record/events.jsonl").lines();
    let mut previous = Digest::zero();
    let entry = |body: &str| {
        let new = RunEvent::from_body(body).unwrap().to_entry().unwrap();
        let entry = Entry::link(previous, new);
        previous = entry.hash;
        entry
    };
    let journal: Vec<Entry> = lines.map(entry).collect();
    let first = RunEvent::from_body(&journal.first().unwrap().event.body).unwrap();
    let started = match first.what {
        Event::Started(started) => Some(started),
        _ => None,
    };
    let started = started.unwrap();
    let run = started.run.clone();
    let mut given = Given {
        run: run.clone(),
        journal,
        preparation: Vec::new(),
        plan,
    };
    given.happens(
        "ann",
        Happened::RunStarted {
            run: run.clone(),
            plan: started.plan,
            file: Some(Digest::of(RELEASE)),
        },
    );
    let head = given.head(1);
    given.happens(
        "ann",
        Happened::HeadSigned {
            run: run.clone(),
            head,
        },
    );
    let ended = Happened::RunEnded {
        run,
        outcome: "rolled-back".into(),
        head: given.head(given.journal.len()),
    };
    given.happens("dana", ended);
    given
}

impl Given {
    pub(crate) fn head(&self, seq: usize) -> Head {
        Head {
            seq: seq as u64,
            hash: self.journal[seq - 1].hash,
        }
    }

    pub(crate) fn happens(&mut self, who: &str, happened: Happened) {
        let signer = Signer::named(who);
        let after = self.preparation.last().map_or(Head::EMPTY, |last| Head {
            seq: last.event.seq,
            hash: last.hash,
        });
        let room = preparation::room(self.run.release());
        let at: Timestamp = "2026-11-02T10:00:00Z".parse().unwrap();
        let draft = Draft::new(&room, after, (at, &signer.person), &happened).unwrap();
        let signature = signer.sign(draft.bytes());
        self.preparation
            .push(Entry::link(after.hash, draft.sign(signature)));
    }

    pub(crate) fn content(&self) -> Content {
        let plan: Plan = serde_json::from_str(&self.plan).unwrap();
        let room = preparation::room(self.run.release());
        let bodies = self
            .preparation
            .iter()
            .map(|entry| entry.event.body.as_str());
        let (events, head) = read_all(&room, bodies).unwrap();
        let report = |part| (part, b"a report\n".to_vec());
        Content {
            subject: Subject {
                run: self.run.clone(),
                plan: plan.digest,
                journal: self.head(self.journal.len()),
                preparation: (!events.is_empty()).then_some(head),
            },
            journal: self.journal.clone(),
            preparation: self.preparation.clone(),
            events,
            plan: self.plan.clone(),
            release: Some(RELEASE.to_vec()),
            reports: Parts::from(
                [
                    Part::ReportMarkdown,
                    Part::ReportHtml,
                    Part::ReportPdf,
                    Part::ReportJson,
                    Part::Timeline,
                ]
                .map(report),
            ),
        }
    }
}

/// Packs a content in the name of somebody.
pub(crate) fn packed(content: Content, who: &str) -> Vec<u8> {
    let signer = Signer::named(who);
    let unsigned = Unsigned::of(content, signer.person.clone()).unwrap();
    let signature = signer.sign(unsigned.bytes());
    unsigned.sign(signature).unwrap()
}
