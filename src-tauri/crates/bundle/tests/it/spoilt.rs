//! Bundles that somebody had their hands in.

use std::time::{Duration, Instant};

use gantry_bundle::{
    archive::{self, Parts},
    broken::Broken,
    part::Part,
    verify::{Known, verify},
};
use gantry_model::journal::Head;
use gantry_readiness::event::Happened;
use tar::{Builder, EntryType, Header};

use crate::given::{given, packed};

fn bundle() -> Vec<u8> {
    packed(given().content(), "dana")
}

fn broken(bytes: &[u8]) -> Broken {
    verify(bytes, &Known::default()).unwrap_err()
}

/// Packs again what was changed, without a new signature.
fn with(change: impl FnOnce(&mut Parts)) -> Broken {
    let mut parts = archive::read(&bundle()).unwrap();
    change(&mut parts);
    broken(&archive::write(&parts).unwrap())
}

#[track_caller]
fn is(found: &Broken, place: &str, code: &str) {
    let told = found.to_string();
    assert_eq!(
        (found.place.as_str(), found.reason.code()),
        (place, code),
        "{told}"
    );
}

#[test]
fn any_changed_byte_is_found() {
    let whole = bundle();
    // Every byte of the first files and their headers, of the end, and a sample of the rest.
    let edges = whole.len().saturating_sub(1_100)..whole.len();
    let places = (0..3_000)
        .chain((3_000..whole.len()).step_by(997))
        .chain(edges);
    for place in places {
        let mut spoilt = whole.clone();
        spoilt[place] ^= 1;
        assert!(verify(&spoilt, &Known::default()).is_err(), "byte {place}");
    }
}

#[test]
fn any_cut_is_found() {
    let whole = bundle();
    for length in (0..whole.len()).step_by(463).chain([whole.len() - 1]) {
        assert!(
            verify(&whole[..length], &Known::default()).is_err(),
            "{length}"
        );
    }
    is(
        &broken(&whole[..whole.len() - 512]),
        &format!("byte {}", whole.len() - 512),
        "cut",
    );
    let mut longer = whole.clone();
    longer.push(0);
    is(&broken(&longer), &format!("byte {}", whole.len()), "longer");
}

#[test]
fn a_changed_or_missing_file_is_named() {
    is(
        &with(|parts| parts.get_mut(&Part::Plan).unwrap().push(b' ')),
        "plan.json",
        "changed-file",
    );
    for part in Part::ALL {
        let found = with(|parts| drop(parts.remove(&part)));
        is(&found, part.name(), "missing-file");
    }
}

#[test]
fn another_key_and_another_signature_are_found() {
    let signature_of_another = archive::read(&packed(given().content(), "mallory")).unwrap();
    let swap = |part: Part| {
        let other = signature_of_another.get(&part).unwrap().clone();
        with(|parts| drop(parts.insert(part, other)))
    };
    is(&swap(Part::Signature), "manifest.sig", "wrong-signature");
    is(&swap(Part::Manifest), "manifest.sig", "wrong-signature");
}

/// Makes a bundle of changed records that is signed all the same.
fn resigned(change: impl FnOnce(&mut gantry_bundle::pack::Content)) -> Broken {
    let mut content = given().content();
    change(&mut content);
    broken(&packed(content, "dana"))
}

#[test]
fn a_cut_tail_is_found_by_the_heads_that_people_signed() {
    let length = given().journal.len();
    let head = given().head(length - 1);
    let found = resigned(|content| {
        content.journal.pop();
        content.subject.journal = head;
    });
    is(
        &found,
        &format!("journal.ndjson, line {length}"),
        "signed-head-lost",
    );
    assert!(found.to_string().contains("dana signed entry"), "{found}");
}

#[test]
fn records_that_do_not_hold_are_placed() {
    let found = resigned(|content| content.journal[6].event.body += " ");
    is(&found, "journal.ndjson, line 7", "record-not-whole");
    let found = resigned(|content| {
        let body = &mut content.preparation[1].event.body;
        *body = body.replace("\"by\":\"ann\"", "\"by\":\"eve\"");
        let previous = content.preparation[0].hash;
        for at in 1..content.preparation.len() {
            let event = content.preparation[at].event.clone();
            let before = content.preparation[at - 1].hash;
            content.preparation[at] = gantry_model::journal::Entry::link(before, event);
        }
        assert_eq!(previous, content.preparation[0].hash);
        let last = content.preparation.last().unwrap();
        let (seq, hash) = (last.event.seq, last.hash);
        content.subject.preparation = Some(Head { seq, hash });
    });
    is(
        &found,
        "preparation.ndjson, line 2",
        "wrong-entry-signature",
    );
    let found = resigned(|content| content.release = Some(b"gantry: 1".to_vec()));
    is(&found, "release.yaml", "contradiction");
    let found = resigned(|content| content.plan = content.plan.replacen("sha256:", "sha256:0", 1));
    assert_eq!(found.place, "plan.json");
    let found = resigned(|content| content.events.clear());
    is(&found, "heads.json", "contradiction");
}

#[test]
fn a_changed_byte_of_the_plan_is_found_although_it_is_signed_anew() {
    // Each says another thing to do, and none touches the hash that the plan says of itself.
    for (was, is_now) in [
        ("\"batch\": 2", "\"batch\": 3"),
        ("\"replicas\": 6", "\"replicas\": 5"),
        ("\"to\": \"3.1.0\"", "\"to\": \"3.1.1\""),
        ("\"max-parallel\": 8", "\"max-parallel\": 9"),
    ] {
        let found = resigned(|content| {
            assert!(content.plan.contains(was), "{was}");
            content.plan = content.plan.replacen(was, is_now, 1);
        });
        is(&found, "plan.json", "plan-hash");
        assert!(found.to_string().contains("it was changed"), "{found}");
    }
}

#[test]
fn a_head_signed_for_another_journal_is_found() {
    let mut given = given();
    let (run, head) = (
        given.run.clone(),
        Head {
            seq: 3,
            hash: given.head(5).hash,
        },
    );
    given.happens("ann", Happened::HeadSigned { run, head });
    let found = broken(&packed(given.content(), "dana"));
    is(&found, "journal.ndjson, line 3", "signed-head-lost");
}

fn entry(builder: &mut Builder<Vec<u8>>, name: &[u8], kind: EntryType, claims: u64, bytes: &[u8]) {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(claims);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    builder.append(&header, bytes).unwrap();
}

#[test]
fn names_that_lead_outside_links_and_strangers_are_refused() {
    let names: [(&[u8], &str); 8] = [
        (b"../../etc/passwd", "path-outside"),
        (b"/etc/passwd", "path-outside"),
        (b"C:\\boot.ini", "path-outside"),
        (b"reports/../../x", "path-outside"),
        (b"..", "path-outside"),
        (b"CON", "unknown-file"),
        (b"Manifest.json", "unknown-file"),
        (b"\xff\xfe\x1b[2J", "unknown-file"),
    ];
    for (name, code) in names {
        let mut builder = Builder::new(Vec::new());
        entry(&mut builder, name, EntryType::Regular, 1, b"x");
        let found = broken(&builder.into_inner().unwrap());
        assert_eq!(found.reason.code(), code, "{found}");
        assert!(!found.place.contains('\u{1b}'), "{found:?}");
    }
    let kinds = [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::GNUSparse,
        EntryType::GNULongName,
        EntryType::XHeader,
        EntryType::Char,
    ];
    for kind in kinds {
        let mut builder = Builder::new(Vec::new());
        entry(&mut builder, b"manifest.json", kind, 0, b"");
        is(
            &broken(&builder.into_inner().unwrap()),
            "manifest.json",
            "not-plain",
        );
    }
    let mut builder = Builder::new(Vec::new());
    for _ in 0..2 {
        entry(&mut builder, b"manifest.json", EntryType::Regular, 1, b"x");
    }
    is(
        &broken(&builder.into_inner().unwrap()),
        "manifest.json",
        "misplaced-file",
    );
}

#[test]
fn bombs_and_other_files_cost_nothing() {
    let begun = Instant::now();
    let mut claims = Builder::new(Vec::new());
    entry(
        &mut claims,
        b"journal.ndjson",
        EntryType::Regular,
        1 << 33,
        b"",
    );
    assert_eq!(broken(&claims.into_inner().unwrap()).reason.code(), "cut");
    // The beginnings of a zip, a gzip and a zstd file, of text, and of nothing.
    let others: [&[u8]; 6] = [
        b"PK\x03\x04bomb",
        b"\x1f\x8b\x08bomb",
        b"\x28\xb5\x2f\xfd",
        b"gantry: 1\n",
        b"",
        &[0; 2_048],
    ];
    for other in others {
        is(&broken(other), "byte 0", "not-a-bundle");
        let mut padded = other.to_vec();
        padded.resize(4_096, b'x');
        assert_eq!(broken(&padded).reason.code(), "not-a-bundle");
    }
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "nothing was inflated"
    );
}
