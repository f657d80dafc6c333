//! The rows of `docs/performance.md`, a file for each group.

mod commits;
mod engine;
mod graph;
pub(crate) mod memory;
mod process;
mod recovery;
mod start;

use std::path::PathBuf;

use anyhow::Result;

use crate::{facts, rounds::Effort, say::say};

/// What everybody needs.
pub(crate) struct Settings {
    /// The command line.
    pub(crate) gantry: PathBuf,
    /// The smallest program.
    pub(crate) hello: PathBuf,
    /// This program.
    pub(crate) bench: PathBuf,
    /// Where files go.
    pub(crate) folder: PathBuf,
    /// How much time there is.
    pub(crate) effort: Effort,
}

impl Settings {
    /// Picks the size for the effort.
    pub(crate) fn size(&self, whole: u32, quick: u32) -> u32 {
        match self.effort {
            Effort::Whole => whole,
            Effort::Quick => quick,
        }
    }
}

type Row = (&'static str, &'static str, fn(&Settings) -> Result<()>);

const ROWS: [Row; 8] = [
    ("commits", "Rows 1-3: commits, counted", commits::run),
    (
        "engine",
        "Rows 4-6, 14: the engine, no-op steps in this process",
        engine::run,
    ),
    (
        "process",
        "Rows 7, 8: programs, launch included",
        process::run,
    ),
    (
        "makespan",
        "Rows 11, 12: sleeping programs against the longest path",
        process::makespan,
    ),
    ("memory", "Row 13: peak memory", memory::run),
    (
        "start",
        "Row 15: starting, and looking at a long journal",
        start::run,
    ),
    ("recovery", "Row 16: taking up after a crash", recovery::run),
    (
        "graph",
        "Row 17: the graph core, and planning from end to end",
        graph::run,
    ),
];

/// The names that can be typed.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.0)
}

/// Measures what is wanted, or everything.
pub(crate) fn run(settings: &Settings, wanted: &[String]) -> Result<()> {
    for (name, title, run) in ROWS {
        if wanted.is_empty() || wanted.iter().any(|other| other == name) {
            say(format_args!(
                "\n## {title}\n\n{}",
                facts::line(&settings.gantry)
            ));
            run(settings)?;
        }
    }
    Ok(())
}
