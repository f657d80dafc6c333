//! Commits of each shape: the one number that no busy machine can spoil.

use anyhow::Result;

use super::Settings;
use crate::{
    engine::{self, Record},
    reference,
    say::say,
    shape::Shape,
};

/// Counts them on the real store; the engine's tests assert the targets.
pub(super) fn run(settings: &Settings) -> Result<()> {
    say("\n| graph | commits | target | reference |\n|---|---|---|---|");
    let count = settings.size(1000, 100);
    for shape in [
        Shape::chain(count),
        Shape::wide(count),
        Shape::layered(count),
    ] {
        let (_, commits) = engine::run(&engine::plan(&shape)?, Record::Store(&settings.folder))?;
        let (_, reference) = reference::run(&settings.folder, &shape)?;
        let target = match shape.levels {
            3 => 8,
            levels if levels == count => levels + 2,
            levels => 2 * levels + 2,
        };
        let name = &shape.name;
        say(format_args!(
            "| {name} | {commits} | <= {target} | {reference} |"
        ));
    }
    Ok(())
}
