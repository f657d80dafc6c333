//! Measures Gantry against its peers, in turns, so that all of them meet the same machine.
//!
//! `cargo xtask bench` builds this and the command line with the release profile and starts it.
//! Nothing here judges: it prints medians and ratios, and the machine that they hold for. What can
//! be gated without a clock, the number of commits, is asserted in the tests of the engine.
//!
//! [`shape`] makes graphs, [`reference`] is what the machine allows, [`rounds`] takes turns, and
//! [`rows`] has a file for each group of rows in `docs/performance.md`.

mod bare;
mod child;
mod engine;
mod facts;
mod reference;
mod rounds;
mod rows;
mod say;
mod scene;
mod shape;
mod text;
mod world;

use std::{env, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};

use crate::{rounds::Effort, rows::Settings};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::say(format_args!("bench: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let mut effort = Effort::Whole;
    let mut wanted = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => effort = Effort::Quick,
            // What a measured child is told to do; see `child`.
            "engine-once" => return rows::memory::once(&mut arguments),
            name if rows::names().any(|row| row == name) => wanted.push(argument),
            name => bail!(
                "there is no `{name}`; say --quick or any of {}",
                rows::names().collect::<Vec<_>>().join(", ")
            ),
        }
    }
    let here = env::current_exe().context("the bench cannot find itself")?;
    let beside = here.parent().context("the bench lies nowhere")?;
    let settings = Settings {
        gantry: beside.join("gantry"),
        hello: beside.join("gantry-bench-hello"),
        bench: here.clone(),
        folder: folder(beside)?,
        effort,
    };
    rows::run(&settings, &wanted)
}

/// Everything is written on the disk that also holds the build, which is nobody's memory.
fn folder(beside: &std::path::Path) -> Result<PathBuf> {
    let folder = beside.join("bench-work");
    std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}
