//! Peak memory of the engine and of the whole command.

use std::process::Command;

use anyhow::{Context, Result};

use super::Settings;
use crate::{
    child,
    engine::{self, Record},
    facts,
    say::say,
    scene::Scene,
    shape::Shape,
    text::Work,
};

/// Row 13.
pub(super) fn run(settings: &Settings) -> Result<()> {
    say(
        "\n| layered | whole of planning and engine, no-op | `gantry run`, true | make |\n|---|---|---|---|",
    );
    for count in [1000, 10_000] {
        let count = settings.size(count, count / 10);
        let shape = Shape::layered(count);
        let scene = Scene::new(settings, &shape, Work::Nothing, 64)?;
        let mut once = Command::new(&settings.bench);
        once.arg("engine-once")
            .arg(count.to_string())
            .arg(&settings.folder);
        let engine = child::peak_memory(&mut once)?;
        let workspace = tempfile::tempdir_in(&settings.folder)?;
        let gantry = child::peak_memory(&mut scene.gantry(workspace.path()))?;
        let make = match facts::is_installed("make") {
            true => format!("{:.1} MiB", child::peak_memory(&mut scene.make())?),
            false => "-".into(),
        };
        say(format_args!(
            "| {count} | {engine:.1} MiB | {gantry:.1} MiB | {make} |"
        ));
    }
    Ok(())
}

/// What the measured child does: plans a graph and runs it on the real store.
pub(crate) fn once(arguments: &mut impl Iterator<Item = String>) -> Result<()> {
    let count = arguments.next().context("how many nodes?")?.parse()?;
    let folder = arguments.next().context("in which folder?")?;
    let plan = engine::plan(&Shape::layered(count))?;
    engine::run(&plan, Record::Store(folder.as_ref()))?;
    Ok(())
}
