//! The engine against what the machine allows.

use anyhow::Result;

use super::Settings;
use crate::{
    bare,
    engine::{self, Record},
    reference,
    rounds::{Contestant, Measured, table, take_turns},
    say::say,
    shape::Shape,
};

/// Rows 4, 5, 6 and 14.
pub(super) fn run(settings: &Settings) -> Result<()> {
    let small = measure(settings, &Shape::layered(100))?;
    measure(settings, &Shape::layered(settings.size(1000, 200)))?;
    let large = settings.size(10_000, 400);
    let big = measure(settings, &Shape::layered(large))?;
    measure(settings, &Shape::wide(settings.size(1000, 200)))?;
    measure(settings, &Shape::chain(settings.size(1000, 100)))?;
    say(format_args!(
        "\n| a node, {large} v 100 nodes | ratio |\n|---|---|"
    ));
    for (few, many) in small.iter().zip(&big) {
        let ratio = (many.median() / f64::from(large)) / (few.median() / 100.0);
        say(format_args!("| {} | {ratio:.2} |", few.name));
    }
    Ok(())
}

fn measure(settings: &Settings, shape: &Shape) -> Result<Vec<Measured>> {
    let plan = engine::plan(shape)?;
    let folder = settings.folder.as_path();
    let measured = take_turns(
        settings.effort,
        vec![
            Contestant::new("engine, memory", || {
                Ok(engine::run(&plan, Record::Memory)?.0)
            }),
            Contestant::new("engine, store", || {
                Ok(engine::run(&plan, Record::Store(folder))?.0)
            }),
            Contestant::new("ref", || Ok(reference::run(folder, shape)?.0)),
            Contestant::new("bare commits, one a node", || {
                bare::commits(folder, shape.count())
            }),
        ],
    )?;
    table(&shape.name, &measured, "ref");
    Ok(measured)
}
