use std::{path::PathBuf, sync::Arc};

use super::*;
use crate::{fault::Faultless, place::Place};

struct Home {
    _folder: tempfile::TempDir,
    file: PathBuf,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::prepare(&folder.path().join("gantry.db")).unwrap();
    Home {
        file: place.file().to_owned(),
        _folder: folder,
    }
}

fn open(home: &Home, versions: &[&[&str]], company: Company) -> Result<Session, String> {
    let session = Session::open(&home.file, Arc::new(Faultless)).unwrap();
    prepare(&session, versions, company, Ending::Clean)
        .map(|()| session)
        .map_err(|failure| failure.into_store_error(&home.file).to_string())
}

fn with_one_more_version() -> Vec<&'static [&'static str]> {
    let next: &[&str] = &["CREATE TABLE next (id INTEGER PRIMARY KEY) STRICT"];
    VERSIONS.iter().copied().chain([next]).collect()
}

#[test]
fn an_older_file_is_copied_and_then_migrated() {
    let home = home();
    drop(open(&home, VERSIONS, Company::Alone).unwrap());
    let migrated = open(&home, &with_one_more_version(), Company::Alone).unwrap();
    assert_eq!(identify(&migrated).unwrap(), VERSIONS.len() + 1);
    let copy = beside(
        &home.file,
        &format!(".before-schema-{}", VERSIONS.len() + 1),
    );
    let old = Session::open(&copy, Arc::new(Faultless)).unwrap();
    assert_eq!(identify(&old).unwrap(), VERSIONS.len());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&copy).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_migration_that_fails_leaves_the_file_as_it_was() {
    let home = home();
    drop(open(&home, VERSIONS, Company::Alone).unwrap());
    let broken: &[&str] = &["CREATE TABLE third (id INTEGER PRIMARY KEY)", "NONSENSE"];
    let versions: Vec<_> = VERSIONS.iter().copied().chain([broken]).collect();
    let refusal = open(&home, &versions, Company::Alone).err().unwrap();
    assert!(refusal.contains("syntax error"), "{refusal}");
    let session = open(&home, VERSIONS, Company::Alone).unwrap();
    assert_eq!(identify(&session).unwrap(), VERSIONS.len());
    // Tried again, over the copy that the first attempt left.
    drop(session);
    open(&home, &with_one_more_version(), Company::Alone).unwrap();
}

#[test]
fn a_file_that_others_have_open_is_not_migrated() {
    let home = home();
    drop(open(&home, VERSIONS, Company::Alone).unwrap());
    let refusal = open(&home, &with_one_more_version(), Company::Others).err();
    assert!(refusal.unwrap().contains("another process has it open"));
}

#[test]
fn a_newer_schema_is_refused_and_names_who_wrote_it() {
    let home = home();
    drop(open(&home, &with_one_more_version(), Company::Alone).unwrap());
    let refusal = open(&home, VERSIONS, Company::Alone).err().unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!(
        "Gantry {version} has brought it to schema {}",
        VERSIONS.len() + 1
    );
    assert!(refusal.contains(&expected), "{refusal}");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let home = home();
    let session = Session::open(&home.file, Arc::new(Faultless)).unwrap();
    session
        .bare()
        .execute_batch("CREATE TABLE theirs (id)")
        .unwrap();
    let refusal = open(&home, VERSIONS, Company::Alone).err().unwrap();
    assert!(refusal.contains("not a Gantry workspace"), "{refusal}");
}

#[test]
fn a_plan_of_the_first_schema_is_read_after_it_was_migrated() {
    let home = home();
    let first = open(&home, &VERSIONS[..1], Company::Alone).unwrap();
    first
        .bare()
        .execute_batch("PRAGMA foreign_keys = OFF")
        .unwrap();
    let digest = gantry_model::digest::Digest::of("{\"old\":1}");
    first
        .bare()
        .execute(
            "INSERT INTO plans (run, body, digest) VALUES (7, '{\"old\":1}', ?1)",
            [digest.as_bytes().as_slice()],
        )
        .unwrap();
    drop(first);
    let now = open(&home, VERSIONS, Company::Alone).unwrap();
    assert_eq!(plans::read(&now, 7).unwrap(), "{\"old\":1}");
}
