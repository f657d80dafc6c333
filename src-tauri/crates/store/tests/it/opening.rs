//! Making, opening and refusing a workspace file.

use std::fs;

use gantry_port::journal::{Journal, StoreError};
use gantry_store::workspace::Workspace;

use crate::sample::{Home, batch, finish, new_run, start};

fn refusal(home: &Home) -> String {
    match Workspace::open(&home.file()) {
        Err(StoreError::Storage(sentence)) => sentence,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[cfg(unix)]
#[test]
fn everything_that_is_made_is_for_the_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let workspace = home.open();
    let folder = workspace.path().parent().unwrap();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.to_owned()), 0o700);
    let mut seen = 0;
    for found in fs::read_dir(folder).unwrap() {
        let path = found.unwrap().path();
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(path.clone()), expected, "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 3, "file, log and locks");
}

#[tokio::test]
async fn a_closed_workspace_is_one_file_and_its_locks() {
    let home = Home::new();
    let workspace = home.open();
    finish(&workspace, new_run("shop", &[])).await.unwrap();
    drop(workspace);
    let folder = home.file().parent().unwrap().to_owned();
    let found = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = found.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["gantry.db", "gantry.db.locks"]);
}

#[test]
fn what_is_not_a_workspace_is_refused() {
    let home = Home::new();
    fs::create_dir_all(home.file().parent().unwrap()).unwrap();
    fs::write(home.file(), "release: shop-2.4\n".repeat(300)).unwrap();
    assert!(refusal(&home).contains("is damaged"), "{}", refusal(&home));
    fs::remove_file(home.file()).unwrap();
    fs::create_dir(home.file()).unwrap();
    assert!(
        refusal(&home).contains("is a folder, not a file"),
        "{}",
        refusal(&home)
    );
}

#[tokio::test]
async fn a_file_cut_short_is_refused_with_a_way_out() {
    let home = Home::new();
    let workspace = home.open();
    let (lease, head) = start(&workspace, new_run("shop", &[]), 50).await.unwrap();
    let next = batch(lease.run(), head, 50, "running");
    workspace.append(&*lease, next).await.unwrap();
    drop(workspace);
    let whole = fs::read(home.file()).unwrap();
    fs::write(home.file(), &whole[..whole.len() - 4096]).unwrap();
    let sentence = refusal(&home);
    assert!(sentence.contains("is damaged"), "{sentence}");
    assert!(sentence.contains("put a backup in its place"), "{sentence}");
}

#[tokio::test]
async fn several_open_one_file_and_none_loses_what_it_wrote() {
    let home = Home::new();
    let (lease, _) = start(&home.open(), new_run("shop", &[]), 1).await.unwrap();
    let run = lease.run().clone();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (file, run) = (home.file(), run.clone());
            std::thread::spawn(move || post_many(&file, &run))
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let letters = home.open().inbox(&run).await.unwrap();
    assert_eq!(letters.len(), 4 * 25);
}

fn post_many(file: &std::path::Path, run: &gantry_model::id::RunId) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for number in 0..25 {
        let workspace = Workspace::open(file).unwrap();
        let post = workspace.post(run, crate::sample::at(number), number.to_string());
        runtime.block_on(post).unwrap();
    }
}
