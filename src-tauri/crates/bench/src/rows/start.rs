//! How long it takes to begin.

use std::{path::Path, process::Command, sync::Arc};

use anyhow::Result;
use gantry_port::journal::Journal;
use gantry_simulation::noop::NoopPlatform;
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
    let workspace = Arc::new(Workspace::open(file)?);
    let platform: Arc<dyn gantry_port::platform::Platform> = match retries {
        0 => Arc::new(NoopPlatform::default()),
        retries => Arc::new(StubbornPlatform::new(retries)),
    };
    engine::go_by(
        Arc::new(LeapingClock::default()),
        &plan,
        workspace.clone(),
        platform,
    )?;
    let run = "bench#1".parse()?;
    let entries = engine::runtime()?.block_on(workspace.read(&run, 0))?;
    Ok(entries.len())
}
