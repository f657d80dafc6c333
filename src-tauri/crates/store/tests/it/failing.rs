//! Whatever the disk refuses, and whenever: the file is whole and nothing half-written is seen.

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use gantry_port::journal::StoreError;
use gantry_store::{
    fault::{Fault, Faults, Operation},
    workspace::Workspace,
};

use crate::{
    sample::Home,
    scenario::{View, look, play, view, views, wait},
};

/// Fails the n-th operation, once, and remembers which that was.
struct Nth {
    left: AtomicU32,
    fault: Fault,
    answer_lost: AtomicU32,
}

impl Faults for Nth {
    fn before(&self, operation: Operation) -> Result<(), Fault> {
        if self.left.fetch_sub(1, Ordering::SeqCst) != 1 {
            return Ok(());
        }
        if matches!(operation, Operation::Answer) {
            self.answer_lost.store(1, Ordering::SeqCst);
        }
        Err(self.fault)
    }
}

#[test]
fn any_one_operation_may_fail_and_all_or_nothing_of_it_is_seen() {
    let views = views();
    for fault in [Fault::DiskFull, Fault::InputOutput] {
        let mut passed = false;
        for nth in 1..400 {
            if fail_nth(nth, fault, &views) {
                println!("{fault:?}: {} operations failed one by one", nth - 1);
                passed = true;
                break;
            }
        }
        assert!(passed, "the story never got through");
    }
}

/// Plays the story with the n-th operation failing; says whether it got through.
fn fail_nth(nth: u32, fault: Fault, views: &[View]) -> bool {
    let home = Home::new();
    drop(home.open());
    let faults = Arc::new(Nth {
        left: AtomicU32::new(nth),
        fault,
        answer_lost: AtomicU32::new(0),
    });
    let workspace = Workspace::open_with(&home.file(), Arc::clone(&faults) as _);
    let Ok(workspace) = workspace else {
        assert_eq!(
            look(&home.file()),
            views[0],
            "failed to open at operation {nth}"
        );
        return false;
    };
    let mut acknowledged = 0;
    let ending = wait(play(&workspace, || acknowledged += 1));
    faults.left.store(0, Ordering::SeqCst);
    let lost = faults.answer_lost.load(Ordering::SeqCst) as usize;
    let expected = &views[acknowledged + lost];
    // The workspace that met the failure, a second one beside it, and one opened after it.
    assert_eq!(
        wait(view(&workspace)).as_ref(),
        Ok(expected),
        "operation {nth}"
    );
    assert_eq!(look(&home.file()), *expected, "operation {nth}");
    drop(workspace);
    assert_eq!(look(&home.file()), *expected, "operation {nth}");
    match ending {
        Ok(()) => true,
        Err(StoreError::Storage(sentence)) => {
            let words = match fault {
                Fault::DiskFull => "is full",
                Fault::InputOutput => "fails",
            };
            assert!(sentence.contains(words), "{sentence}");
            false
        }
        Err(other) => panic!("operation {nth}: {other}"),
    }
}

/// Where the child of the next test finds its workspace.
const LIMITED: &str = "GANTRY_STORE_LIMITED";

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_keeps_what_was_acknowledged() {
    let views = views();
    let mut passed = false;
    // In blocks of 512 bytes, below and above what an empty workspace needs.
    for blocks in (0..2_000).step_by(24) {
        let home = Home::new();
        drop(home.open());
        let acknowledged = play_limited(&home, blocks);
        let seen = look(&home.file());
        // A commit that fails in the middle may have reached the disk before the error.
        let next = views.get(acknowledged + 1);
        assert!(
            seen == views[acknowledged] || Some(&seen) == next,
            "{blocks} blocks"
        );
        passed = acknowledged + 1 == views.len();
        if passed {
            println!("the story needs fewer than {blocks} blocks");
            break;
        }
    }
    assert!(passed, "the story never got through");
}

/// Plays the story in a process whose files may not grow beyond a limit; counts what it was told.
fn play_limited(home: &Home, blocks: u32) -> usize {
    let test = "failing::the_child_of_the_limit_test";
    let script =
        format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --exact {test} --nocapture");
    let output = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(LIMITED, home.file())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("started"), "{text}");
    text.lines().filter(|line| *line == "acknowledged").count()
}

#[test]
fn the_child_of_the_limit_test() {
    let Some(file) = std::env::var_os(LIMITED) else {
        return;
    };
    println!("\nstarted");
    match Workspace::open(file.as_ref()) {
        Ok(workspace) => {
            let ending = wait(play(&workspace, || println!("\nacknowledged")));
            println!("{ending:?}");
        }
        Err(error) => println!("{error}"),
    }
}
