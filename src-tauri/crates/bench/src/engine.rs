//! Gantry's engine in this process, over a journal and a platform of choice.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Result, anyhow, ensure};
use gantry_engine::{
    drive::{self, Inbox, NewRelease, World},
    standing::Standing,
};
use gantry_model::{command::Actor, event::Outcome, plan::Plan};
use gantry_planner::Observations;
use gantry_port::{clock::Clock, journal::Journal, platform::Platform};
use gantry_simulation::{journal::MemoryJournal, noop::NoopPlatform};
use gantry_store::workspace::Workspace;
use tokio::runtime::{Builder, Runtime};

use crate::{
    shape::Shape,
    text::{self, Work},
    world::RealClock,
};

/// Nothing waits for a free place where the engine alone is measured.
const UNLIMITED: u32 = 10_000;

/// Plans a graph as the command line would, from text.
pub(crate) fn plan(shape: &Shape) -> Result<Arc<Plan>> {
    plan_of(&text::release(shape, Work::Nothing, UNLIMITED))
}

/// Plans a release file.
pub(crate) fn plan_of(text: &str) -> Result<Arc<Plan>> {
    let document = gantry_release_file::read("bench.yaml", text.as_bytes())
        .map_err(|problems| anyhow!("{problems}"))?;
    let plan = gantry_planner::plan(&document.release, &Observations::default())
        .map_err(|findings| anyhow!("{findings:?}"))?;
    Ok(Arc::new(plan))
}

/// One thread, as the command line has it.
pub(crate) fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Where events go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Record<'a> {
    /// Into memory.
    Memory,
    /// Into a workspace file in this folder.
    Store(&'a Path),
}

/// Runs no-ops once and gives the seconds and the commits.
pub(crate) fn run(plan: &Arc<Plan>, record: Record<'_>) -> Result<(f64, u64)> {
    match record {
        Record::Memory => {
            let journal = Arc::new(MemoryJournal::new());
            let seconds = go(plan, journal.clone(), Arc::new(NoopPlatform::default()))?;
            Ok((seconds, journal.commits()))
        }
        Record::Store(folder) => {
            let folder = tempfile::tempdir_in(folder)?;
            let workspace = Arc::new(Workspace::open(&folder.path().join("gantry.db"))?);
            let seconds = go(plan, workspace.clone(), Arc::new(NoopPlatform::default()))?;
            Ok((seconds, workspace.commits()))
        }
    }
}

/// Drives a plan to its end and gives the seconds.
pub(crate) fn go(
    plan: &Arc<Plan>,
    journal: Arc<dyn Journal>,
    platform: Arc<dyn Platform>,
) -> Result<f64> {
    go_by(Arc::new(RealClock::start()), plan, journal, platform)
}

/// Drives a plan to its end by some clock and gives the seconds.
pub(crate) fn go_by(
    clock: Arc<dyn Clock>,
    plan: &Arc<Plan>,
    journal: Arc<dyn Journal>,
    platform: Arc<dyn Platform>,
) -> Result<f64> {
    let world = World {
        journal,
        clock,
        platform,
    };
    let new = NewRelease {
        plan: Arc::clone(plan),
        by: Actor::named("bench"),
        gantry: env!("CARGO_PKG_VERSION").into(),
        reach: Vec::new(),
        at_start: Vec::new(),
    };
    runtime()?.block_on(async {
        let started = Instant::now();
        let mut driver = drive::start(world, new, Inbox::Closed).await?;
        let standing = driver.follow(&mut |_, _| {}).await?;
        let seconds = started.elapsed().as_secs_f64();
        ensure!(
            standing == Standing::Ended(Outcome::Succeeded),
            "the run ended as {standing:?}"
        );
        Ok(seconds)
    })
}
