//! A process that is killed at any moment loses nothing that it was told is durable.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
};

use gantry_model::{id::RunId, journal::Head};
use gantry_port::{
    journal::Journal,
    outbox::{Outbox, Which},
};
use gantry_store::workspace::Workspace;
use rand::RngExt;

use crate::{
    sample::{Home, batch, message, new_run, random, start},
    scenario::wait,
};

const KILLED: &str = "GANTRY_STORE_KILLED";
const KILLS: u32 = 50;

#[test]
fn fifty_kills_lose_no_acknowledged_append() {
    let mut random = random("kills");
    let home = Home::new();
    let (lease, head) = wait(start(&home.open(), new_run("shop", &[]), 1)).unwrap();
    let run = lease.run().clone();
    drop(lease);
    let mut known = head.seq;
    for kill in 0..KILLS {
        let acknowledged = append_until_killed(&home.file(), random.random_range(0..30));
        let workspace = home.open();
        let head = wait(workspace.verify(&run)).unwrap().unwrap();
        assert!(
            head.seq >= acknowledged.max(known),
            "kill {kill}: {} is lost",
            acknowledged
        );
        let whole_batches = (head.seq - 1).is_multiple_of(3);
        assert!(
            whole_batches,
            "kill {kill}: half a batch is seen, up to {}",
            head.seq
        );
        let messages = wait(workspace.waiting(&Which::All, u32::MAX))
            .unwrap()
            .len() as u64;
        assert_eq!(
            messages,
            (head.seq - 1) / 3,
            "kill {kill}: messages and entries differ"
        );
        let shown = wait(workspace.summary(&run)).unwrap().steps_done;
        assert_eq!(u64::from(shown), head.seq);
        // The dead driver's run can be taken at once.
        let lease = wait(workspace.lease(&run)).unwrap();
        assert!(lease.epoch() > u64::from(kill), "kill {kill}");
        known = head.seq;
    }
    println!("{KILLS} kills, {known} entries");
    assert!(known > 100, "the children hardly came to write");
}

/// Lets a child append until it has said so `times`, kills it, and gives the last number it said.
fn append_until_killed(file: &Path, times: usize) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killed::the_child_of_the_kill_test",
            "--nocapture",
        ])
        .env(KILLED, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let numbers = |line: String| line.strip_prefix("durable ")?.parse::<u64>().ok();
    let before = said.by_ref().filter_map(numbers).take(times).last();
    kill(&mut child);
    // What it said before it died counts too.
    said.filter_map(numbers)
        .last()
        .or(before)
        .unwrap_or_default()
}

fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_child_of_the_kill_test() {
    let Some(file) = std::env::var_os(KILLED) else {
        return;
    };
    let workspace = Workspace::open(file.as_ref()).unwrap();
    wait(append_for_ever(&workspace, &"shop".parse().unwrap()));
}

async fn append_for_ever(workspace: &Workspace, run: &RunId) {
    let lease = workspace.lease(run).await.unwrap();
    let mut head: Head = workspace.head(run).await.unwrap();
    // An end all the same, should the parent die.
    for _ in 0..5_000 {
        let mut next = batch(run, head, 3, "running");
        next.messages = vec![message(&format!("shop/{}", head.seq), "{}")];
        head = workspace.append(&*lease, next).await.unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "\ndurable {}", head.seq).unwrap();
        out.flush().unwrap();
    }
}
