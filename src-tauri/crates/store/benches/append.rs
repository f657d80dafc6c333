//! Durable appends against a bare SQLite commit loop, in turns so that both meet the same disk.
//!
//! Prints ratios: bare milliseconds would say more about the disk than about us.

use std::{hint::black_box, path::Path, time::Instant};

use gantry_model::{
    digest::Digest,
    id::RunId,
    journal::{Head, NewEntry, RunSummary},
    time::Timestamp,
};
use gantry_port::journal::{Batch, Journal, NewRun};
use gantry_store::workspace::Workspace;

const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for (size, commits) in [(1, 400), (100, 200)] {
        let mut ours = Vec::new();
        let mut bare = Vec::new();
        for _ in 0..ROUNDS {
            bare.push(bare_loop(size, commits)?);
            ours.push(runtime.block_on(appends(size, commits))?);
        }
        report(size, median(&mut ours), median(&mut bare));
    }
    runtime.block_on(opening())
}

fn report(size: u64, ours: f64, bare: f64) {
    let events = size as f64;
    show(&format!(
        "batch {size:>3}: {:>7.0} events/s, bare {:>7.0} events/s, {:.2}x the time",
        events / ours,
        events / bare,
        ours / bare
    ));
}

/// Gives the seconds that one of our commits takes.
async fn appends(size: u64, commits: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let workspace = Workspace::open(&folder.path().join("gantry.db"))?;
    let first = |run: &RunId| batch(run, Head::EMPTY, 1);
    let (lease, mut head) = workspace.create(new_run()?, Box::new(first)).await?;
    let batches = (0..u64::from(commits)).map(|number| (number * size + 1, size));
    let started = Instant::now();
    for (after, size) in batches {
        debug_assert_eq!(after, head.seq);
        head = workspace
            .append(&*lease, batch(lease.run(), head, size))
            .await?;
    }
    let taken = started.elapsed().as_secs_f64();
    Ok(taken / f64::from(commits))
}

/// Gives the seconds that one commit of as many rows takes with nothing around it.
fn bare_loop(size: u64, commits: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let bare = rusqlite::Connection::open(folder.path().join("bare.db"))?;
    bare.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE journal (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);",
    )?;
    let started = Instant::now();
    for number in 0..u64::from(commits) {
        bare.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for offset in 0..size {
            let body = entry(number * size + offset + 1).body;
            bare.prepare_cached("INSERT INTO journal (body) VALUES (?1)")?
                .execute([body])?;
        }
        bare.prepare_cached("COMMIT")?.execute([])?;
    }
    let taken = started.elapsed().as_secs_f64();
    Ok(taken / f64::from(commits))
}

/// Shows what a look at a journal of 100,000 events costs.
async fn opening() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("gantry.db");
    fill(&file).await?;
    let run = "shop".parse()?;
    let mut status = Vec::new();
    let mut read = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let workspace = Workspace::open(&file)?;
        black_box(workspace.summary(&run).await?);
        black_box(workspace.inbox(&run).await?);
        status.push(started.elapsed().as_secs_f64());
        let started = Instant::now();
        black_box(workspace.read(&run, 0).await?);
        read.push(started.elapsed().as_secs_f64());
    }
    let started = Instant::now();
    std::fs::write(folder.path().join("gantry.db-wal"), b"left behind")?;
    drop(Workspace::open(&file)?);
    let unclean = started.elapsed().as_secs_f64();
    show(&format!(
        "100,000 events: open and summary {:.2} ms, open after a crash {:.1} ms, read and verify {:.0} ms",
        median(&mut status) * 1e3,
        unclean * 1e3,
        median(&mut read) * 1e3
    ));
    Ok(())
}

async fn fill(file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let workspace = Workspace::open(file)?;
    let first = |run: &RunId| batch(run, Head::EMPTY, 100_000);
    workspace.create(new_run()?, Box::new(first)).await?;
    Ok(())
}

fn new_run() -> Result<NewRun, Box<dyn std::error::Error>> {
    Ok(NewRun {
        release: "shop".parse()?,
        claims: Vec::new(),
        plan: "{}".into(),
    })
}

fn batch(run: &RunId, after: Head, size: u64) -> Batch {
    Batch {
        after,
        entries: (after.seq + 1..=after.seq + size).map(entry).collect(),
        summary: RunSummary {
            run: run.clone(),
            title: None,
            environment: gantry_model::id::EnvironmentName::default(),
            state: "running".into(),
            ended: false,
            plan: Digest::zero(),
            steps_done: 0,
            steps_total: 1_000,
            started_at: Timestamp::default(),
            changed_at: Timestamp::default(),
        },
        answered: Vec::new(),
        messages: Vec::new(),
        snapshots: Vec::new(),
    }
}

fn entry(seq: u64) -> NewEntry {
    let at = "1970-01-01T00:00:00.000Z";
    NewEntry {
        seq,
        at: Timestamp::default(),
        kind: "step-started".into(),
        body: format!(
            "{{\"seq\":{seq},\"at\":\"{at}\",\"kind\":\"step-started\",\"step\":\"orders/shift-{seq}\"}}"
        ),
    }
}

fn median(taken: &mut [f64]) -> f64 {
    taken.sort_by(f64::total_cmp);
    taken.get(taken.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn show(line: &str) {
    println!("{line}");
}
