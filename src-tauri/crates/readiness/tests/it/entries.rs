//! The line of the record: who signed is who is named, over these very bytes.

use gantry_model::{
    digest::Digest,
    journal::{Entry, Head, NewEntry},
};
use gantry_readiness::{
    entry::{Draft, Person, PublicKey, read},
    event::Happened,
};
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::given::at;

fn pair() -> (Ed25519KeyPair, Person) {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let key = PublicKey::of(pair.public_key().as_ref().try_into().unwrap());
    (
        pair,
        Person {
            name: "ann".into(),
            key,
        },
    )
}

fn line(room: &str, after: Head) -> NewEntry {
    let (pair, by) = pair();
    let happened = Happened::ReachConfirmed {
        reach: Digest::of("reach"),
    };
    let draft = Draft::new(
        room,
        after,
        (at("2026-12-01T12:00:00.250Z"), &by),
        &happened,
    )
    .unwrap();
    let signature = pair.sign(draft.bytes()).as_ref().try_into().unwrap();
    draft.sign(signature)
}

#[test]
fn a_line_reads_back_what_was_signed() {
    let entry = line("release/shop", Head::EMPTY);
    let signed = read("release/shop", Head::EMPTY, &entry.body).unwrap();
    assert_eq!((signed.seq, signed.by), (1, pair().1));
    assert_eq!(
        signed.happened,
        Happened::ReachConfirmed {
            reach: Digest::of("reach")
        }
    );
    let start = "{\"seq\":1,\"at\":\"2026-12-01T12:00:00.250Z\",\"kind\":\"reach-confirmed\"";
    assert!(entry.body.starts_with(start), "{}", entry.body);
}

#[test]
fn every_changed_byte_is_found() {
    let body = line("release/shop", Head::EMPTY).body;
    for place in 0..body.len() {
        let mut bytes = body.clone().into_bytes();
        bytes[place] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            let found = read("release/shop", Head::EMPTY, &changed);
            assert!(found.is_err(), "byte {place} of {changed}");
        }
    }
}

#[test]
fn a_line_is_good_in_its_room_and_place_alone() {
    let first = line("release/shop", Head::EMPTY);
    assert!(read("release/other", Head::EMPTY, &first.body).is_err());
    let entry = Entry::link(Digest::zero(), first.clone());
    let after = Head {
        seq: 0,
        hash: entry.hash,
    };
    assert!(read("release/shop", after, &first.body).is_err());
}
