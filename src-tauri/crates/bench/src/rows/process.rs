//! The command line against make and ninja.

use std::{sync::Arc, time::Duration};

use anyhow::Result;
use gantry_simulation::journal::MemoryJournal;
use gantry_store::workspace::Workspace;

use super::Settings;
use crate::{
    engine,
    rounds::{Contestant, Measured, table, take_turns},
    say::say,
    scene::Scene,
    shape::Shape,
    text::Work,
    world::SleepingPlatform,
};

/// Rows 7 and 8.
pub(super) fn run(settings: &Settings) -> Result<()> {
    let count = settings.size(1000, 100);
    for shape in [
        Shape::layered(count),
        Shape::wide(count),
        Shape::chain(count),
    ] {
        let scene = Scene::new(settings, &shape, Work::Nothing, 64)?;
        let measured = take_turns(settings.effort, scene.contestants())?;
        table(
            &format!("{}, true, at most 64 at once", shape.name),
            &measured,
            "make",
        );
    }
    Ok(())
}

/// Rows 11 and 12: sleeping nodes, and how much longer than the longest path they take.
pub(super) fn makespan(settings: &Settings) -> Result<()> {
    sleeping(settings, &Shape::layered(settings.size(1000, 100)), 50)?;
    sleeping(settings, &Shape::wide(100), 200)
}

fn sleeping(settings: &Settings, shape: &Shape, millis: u32) -> Result<()> {
    let scene = Scene::new(settings, shape, Work::Sleep(millis), 256)?;
    let plan = engine::plan(shape)?;
    let sleep = Duration::from_millis(millis.into());
    let mut all = scene.contestants();
    all.push(Contestant::new(
        "engine, store, sleeping in process",
        || {
            let folder = tempfile::tempdir_in(&settings.folder)?;
            let workspace = Arc::new(Workspace::open(&folder.path().join("gantry.db"))?);
            engine::go(&plan, workspace, Arc::new(SleepingPlatform::new(sleep)))
        },
    ));
    all.push(Contestant::new(
        "engine, memory, sleeping in process",
        || {
            let journal = Arc::new(MemoryJournal::new());
            engine::go(&plan, journal, Arc::new(SleepingPlatform::new(sleep)))
        },
    ));
    let measured = take_turns(settings.effort, all)?;
    over_bound(
        &format!("{} x {millis} ms", shape.name),
        &measured,
        sleep * shape.levels,
    );
    Ok(())
}

fn over_bound(title: &str, measured: &[Measured], bound: Duration) {
    let bound = bound.as_secs_f64();
    say(format_args!(
        "\n| {title} | seconds | x bound of {bound:.2} s |\n|---|---|---|"
    ));
    for one in measured {
        let ratio = one.median() / bound;
        say(format_args!(
            "| {} | {} | {ratio:.3} |",
            one.name,
            one.text()
        ));
    }
}
