//! A graph is drawn by hand and rehearsed.

use std::path::Path;

use anyhow::Result;

use super::super::driver::Session;
use super::super::page::Page;
use super::super::stage::Stage;
use super::{open, watched};

/// Makes an empty release, draws two nodes and an edge, and rehearses what came of it.
pub(super) fn a_graph(stage: &Stage, pictures: &Path) -> Result<()> {
    let session = open(stage, None)?;
    watched(&session, &pictures.join("failed-draw.png"), || {
        draw(&session, pictures)
    })?;
    session.close()
}

fn draw(session: &Session, pictures: &Path) -> Result<()> {
    let page = Page(session);
    page.says("Nothing is planned here yet.")?;
    page.picture(&pictures.join("first-start.png"))?;
    page.press_until("N", ".sheet button", "An empty release")?;
    page.click(".sheet button", "An empty release")?;
    page.click(".sheet input", "")?;
    page.write("drawn")?;
    page.click(".sheet .primary", "Create")?;
    page.reads("h1", |name| name == "drawn")?;
    for _ in 0..2 {
        page.click("main section button", "Task")?;
    }
    page.reads("[data-node=task-2]", |card| card.contains("task-2"))?;
    // The plan knows them before an edge can lead anywhere.
    page.says("3 nodes in 1 wave")?;
    page.drag(
        ("button", "Draw an edge from task"),
        ("[data-node=task-2]", ""),
    )?;
    page.says("3 nodes in 2 waves")?;
    page.says("saved")?;
    page.picture(&pictures.join("drawn.png"))?;
    page.press_until("R", ".sheet-title", "Rehearsal")?;
    page.reads(".sheet dd", |outcome| {
        outcome.to_lowercase().contains("succeeded")
    })?;
    page.picture(&pictures.join("rehearsed.png"))
}
