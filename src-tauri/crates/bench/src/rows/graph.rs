//! Order, levels and the critical path of a large graph; and a large file from text to plan.

use std::{hint::black_box, process::Command, time::Instant};

use anyhow::Result;
use gantry_planner::{Observations, graph::Graph};

use super::Settings;
use crate::{
    child,
    rounds::{Contestant, table, take_turns},
    shape::Shape,
    text::{self, Work},
};

/// Row 17.
pub(super) fn run(settings: &Settings) -> Result<()> {
    let count = settings.size(100_000, 1000);
    let edges = Shape::edges(count, count as usize * 3);
    let weights = vec![1; count as usize];
    let measured = take_turns(
        settings.effort,
        vec![
            Contestant::new("build", || {
                let started = Instant::now();
                black_box(Graph::new(count, &edges)?);
                Ok(started.elapsed().as_secs_f64())
            }),
            Contestant::new("build, order, levels, critical path, slack", || {
                let started = Instant::now();
                black_box(Graph::new(count, &edges)?.shape(&weights)?);
                Ok(started.elapsed().as_secs_f64())
            }),
        ],
    )?;
    table(
        &format!("{count} nodes, {} edges", edges.len()),
        &measured,
        "build",
    );
    file(settings)
}

/// The largest file that is allowed, from text to plan.
fn file(settings: &Settings) -> Result<()> {
    let shape = Shape::layered(settings.size(20_000, 200));
    let text = text::release(&shape, Work::Nothing, 64);
    let folder = tempfile::tempdir_in(&settings.folder)?;
    let file = folder.path().join("bench.yaml");
    std::fs::write(&file, &text)?;
    let read = || {
        gantry_release_file::read("bench.yaml", text.as_bytes())
            .map_err(|problems| anyhow::anyhow!("{problems}"))
    };
    let document = read()?;
    let plan = |release| {
        gantry_planner::plan(release, &Observations::default())
            .map_err(|findings| anyhow::anyhow!("{findings:?}"))
    };
    let measured = take_turns(
        settings.effort,
        vec![
            Contestant::new("read", || {
                let started = Instant::now();
                black_box(read()?);
                Ok(started.elapsed().as_secs_f64())
            }),
            Contestant::new("plan", || {
                let started = Instant::now();
                black_box(plan(&document.release)?);
                Ok(started.elapsed().as_secs_f64())
            }),
            Contestant::new("gantry plan --json, from end to end", || {
                let mut command = Command::new(&settings.gantry);
                child::time(command.args(["--json", "plan"]).arg(&file))
            }),
        ],
    )?;
    let title = format!("{} of {} KiB", shape.name, text.len() / 1024);
    table(&title, &measured, "read");
    Ok(())
}
