//! Opening a workspace and folding a long journal into a run that can go on.

use std::{hint::black_box, path::Path, time::Instant};

use anyhow::Result;
use gantry_engine::{drive, fold::fold};
use gantry_model::{event::RunEvent, journal::Entry, plan::Plan};
use gantry_port::journal::Journal;
use gantry_store::workspace::Workspace;

use super::{Settings, start};
use crate::{
    engine,
    rounds::{Contestant, table, take_turns},
};

/// Row 16.
pub(super) fn run(settings: &Settings) -> Result<()> {
    let folder = tempfile::tempdir_in(&settings.folder)?;
    let file = folder.path().join("gantry.db");
    let count = start::fill(&file, settings.size(2000, 100), settings.size(50, 3))?;
    let (plan, entries) = load(&file)?;
    let plan = std::sync::Arc::new(plan);
    let timed = |work: &dyn Fn() -> Result<()>| {
        let started = Instant::now();
        work()?;
        Ok(started.elapsed().as_secs_f64())
    };
    let measured = take_turns(
        settings.effort,
        vec![
            Contestant::new("read all rows with bare SQLite", || timed(&|| bare(&file))),
            Contestant::new("decode the events", || {
                timed(&|| {
                    for entry in &entries {
                        black_box(RunEvent::from_body(&entry.event.body)?);
                    }
                    Ok(())
                })
            }),
            Contestant::new("decode and fold", || {
                timed(&|| {
                    black_box(fold(plan.clone(), &entries)?);
                    Ok(())
                })
            }),
            Contestant::new("open, read, verify, decode, fold", || {
                timed(&|| {
                    let workspace = Workspace::open(&file)?;
                    let run = "bench#1".parse()?;
                    black_box(engine::runtime()?.block_on(drive::read(&workspace, &run))?);
                    Ok(())
                })
            }),
        ],
    )?;
    table(&format!("{count} events"), &measured, "decode the events");
    Ok(())
}

fn load(file: &Path) -> Result<(Plan, Vec<Entry>)> {
    let workspace = Workspace::open(file)?;
    let run = "bench#1".parse()?;
    engine::runtime()?.block_on(async {
        let plan = serde_json::from_str(&workspace.plan(&run).await?)?;
        Ok((plan, workspace.read(&run, 0).await?))
    })
}

fn bare(file: &Path) -> Result<()> {
    let connection = rusqlite::Connection::open(file)?;
    let mut statement = connection.prepare("SELECT body FROM journal ORDER BY run, seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        black_box(row.get::<_, String>(0)?);
    }
    Ok(())
}
