//! How long it takes to begin.

use std::{path::Path, process::Command, sync::Arc};

use anyhow::Result;
use gantry_model::{id::RunId, journal::Head};
use gantry_port::{
    journal::{Batch, Journal, NewRun},
    platform::Platform,
};
use gantry_simulation::{journal::MemoryJournal, noop::NoopPlatform};
use gantry_store::workspace::Workspace;

use super::Settings;
use crate::{
    child, engine,
    rounds::{Contestant, Effort, table, take_turns},
    say::say,
    shape::Shape,
    world::{LeapingClock, StubbornPlatform},
};

/// Row 15.
pub(super) fn run(settings: &Settings) -> Result<()> {
    let measured = take_turns(
        settings.effort,
        vec![
            Contestant::new("hello", || many(20, || Command::new(&settings.hello))),
            Contestant::new("gantry --version", || {
                many(20, || {
                    let mut command = Command::new(&settings.gantry);
                    command.arg("--version");
                    command
                })
            }),
        ],
    )?;
    table("one start of 20", &measured, "hello");
    status(settings)
}

/// Gives the seconds of one start among several.
fn many(count: u32, command: impl Fn() -> Command) -> Result<f64> {
    let mut sum = 0.0;
    for _ in 0..count {
        sum += child::time(&mut command())?;
    }
    Ok(sum / f64::from(count))
}

fn status(settings: &Settings) -> Result<()> {
    let folder = tempfile::tempdir_in(&settings.folder)?;
    let long = folder.path().join("long.db");
    let wide = folder.path().join("wide.db");
    let quick = settings.effort == Effort::Quick;
    let retries = if quick { 2 } else { 16 };
    let events = [
        fill(&long, settings.size(2000, 50), retries)?,
        fill(&wide, settings.size(20_000, 50), 0)?,
    ];
    let of = |file: &Path| {
        let mut command = Command::new(&settings.gantry);
        command.arg("--db").arg(file).args(["status", "bench"]);
        command
    };
    let measured = take_turns(
        settings.effort,
        vec![
            Contestant::new("hello", || child::time(&mut Command::new(&settings.hello))),
            Contestant::new(format!("status, {} events", events[0]), || {
                child::time(&mut of(&long))
            }),
            Contestant::new(
                format!("status, {} events of many nodes", events[1]),
                || child::time(&mut of(&wide)),
            ),
        ],
    )?;
    table("`gantry status`", &measured, "hello");
    say("\nThe first journal is that of few nodes tried again and again.");
    Ok(())
}

/// Makes a workspace with one run, and says how many events it has.
pub(super) fn fill(file: &Path, nodes: u32, retries: u32) -> Result<usize> {
    let shape = Shape::layered(nodes);
    let plan = engine::plan_of(&crate::text::stubborn(&shape, retries))?;
    let journal = Arc::new(MemoryJournal::new());
    let platform: Arc<dyn Platform> = match retries {
        0 => Arc::new(NoopPlatform::default()),
        retries => Arc::new(StubbornPlatform::new(retries)),
    };
    let clock = Arc::new(LeapingClock::default());
    engine::go_by(clock, &plan, journal.clone(), platform)?;
    engine::runtime()?.block_on(copy(&journal, &Workspace::open(file)?))
}

/// Copies the one run into a workspace in one commit: written turn by turn it would be one flush
/// for each of a million retries.
async fn copy(from: &MemoryJournal, to: &Workspace) -> Result<usize> {
    let run: RunId = "bench#1".parse()?;
    let entries = from.read(&run, 0).await?;
    let count = entries.len();
    let batch = Batch {
        after: Head::EMPTY,
        entries: entries.into_iter().map(|entry| entry.event).collect(),
        summary: from.summary(&run).await?,
        answered: Vec::new(),
        messages: Vec::new(),
        snapshots: Vec::new(),
    };
    let new = NewRun {
        release: run.release().clone(),
        claims: Vec::new(),
        plan: from.plan(&run).await?,
    };
    to.create(new, Box::new(move |_| batch)).await?;
    Ok(count)
}
