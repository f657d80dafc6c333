//! What a bundle that is whole proves.

use gantry_bundle::{
    broken::Reason,
    pack::Content,
    part::Part,
    verify::{Known, ReleaseFile, verify},
};
use gantry_model::verify::Reason as Record;

use crate::given::{Signer, given, packed};

#[test]
fn the_same_state_gives_the_same_bytes_and_proves_itself() {
    let bundle = packed(given().content(), "dana");
    assert_eq!(bundle, packed(given().content(), "dana"));
    let proven = verify(&bundle, &Known::default()).unwrap();
    let names: Vec<&str> = proven.people.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["ann", "dana"]);
    let heads: Vec<u64> = proven.heads.iter().map(|signed| signed.head.seq).collect();
    assert_eq!(heads, [1, given().journal.len() as u64]);
    assert_eq!(proven.manifest.by.name, "dana");
}

#[test]
fn any_tar_program_takes_it_apart() {
    let bundle = packed(given().content(), "dana");
    let mut archive = tar_names(&bundle);
    archive.sort();
    let mut names: Vec<String> = Part::ALL.map(|part| part.name().to_owned()).to_vec();
    names.sort();
    assert_eq!(archive, names);
}

/// Reads the names out of the headers, by the format alone.
fn tar_names(bundle: &[u8]) -> Vec<String> {
    let (mut at, mut names) = (0, Vec::new());
    while bundle[at] != 0 {
        let text = |from: usize, to: usize| {
            let field = String::from_utf8_lossy(&bundle[at + from..at + to]).into_owned();
            field.trim_end_matches('\0').trim().to_owned()
        };
        names.push(text(0, 100));
        let size = usize::from_str_radix(&text(124, 136), 8).unwrap();
        at += 512 + size.div_ceil(512) * 512;
    }
    names
}

#[test]
fn a_run_that_nobody_signed_still_has_a_bundle() {
    let mut given = given();
    given.preparation.clear();
    let proven = verify(&packed(given.content(), "dana"), &Known::default()).unwrap();
    assert!(proven.heads.is_empty() && proven.manifest.preparation.is_none());
}

#[test]
fn a_bundle_says_what_is_with_its_release_file() {
    let said = |content| {
        let bundle = packed(content, "dana");
        let readme =
            String::from_utf8_lossy(&bundle).contains("release.yaml is not in this bundle");
        let proven = verify(&bundle, &Known::default()).unwrap();
        (proven.release_file, readme)
    };
    assert_eq!(said(given().content()), (ReleaseFile::AsSigned, false));
    let lost = Content {
        release: None,
        ..given().content()
    };
    assert_eq!(said(lost), (ReleaseFile::Lost, true));
    // Before release files were kept, a run was started without one in the record.
    let mut older = given();
    older.preparation.clear();
    let nobody = older.content();
    assert_eq!(said(nobody.clone()), (ReleaseFile::NotSigned, false));
    let older = Content {
        release: None,
        ..nobody
    };
    assert_eq!(said(older), (ReleaseFile::NotKept, true));
}

#[test]
fn a_head_from_a_report_is_looked_for() {
    let given = given();
    let bundle = packed(given.content(), "dana");
    let noted = |head: &str| Known {
        head: Some(head.parse().unwrap()),
        key: None,
    };
    verify(&bundle, &noted(&given.head(4).to_string())).unwrap();
    verify(&bundle, &noted(&given.head(4).hash.to_string())).unwrap();
    let later = format!("{}:{}", given.journal.len() + 2, given.head(2).hash);
    let broken = verify(&bundle, &noted(&later)).unwrap_err();
    let place = format!("journal.ndjson, line {}", given.journal.len() + 1);
    assert_eq!(broken.place, place);
    assert!(matches!(
        broken.reason,
        Reason::Record(Record::Short { .. })
    ));
    let other = format!("4:{}", given.head(5).hash);
    let broken = verify(&bundle, &noted(&other)).unwrap_err();
    assert_eq!(broken.reason, Reason::Record(Record::Rewritten));
}

#[test]
fn who_takes_everything_over_is_found_against_a_key_that_is_known() {
    let taken_over = packed(given().content(), "mallory");
    verify(&taken_over, &Known::default()).unwrap();
    let key = Signer::named("dana").person.key.short().to_uppercase();
    let known = Known {
        head: None,
        key: Some(key),
    };
    verify(&packed(given().content(), "dana"), &known).unwrap();
    let broken = verify(&taken_over, &known).unwrap_err();
    assert_eq!(
        (broken.place.as_str(), broken.reason.code()),
        ("manifest.sig", "other-key")
    );
}
