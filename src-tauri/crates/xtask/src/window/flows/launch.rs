//! A release from its vote to its report, over a crash in the middle.

use std::path::Path;

use anyhow::{Result, ensure};

use super::super::desk::Desk;
use super::super::driver::Session;
use super::super::page::Page;
use super::super::stage::Stage;
use super::super::waiting::until_so;
use super::{open, watched};

/// What the programs wrote when the window was killed: each began once.
const UNDER_WAY: &str = "database\norders\n";

/// What they wrote at the end: nothing was begun twice, and everything went back, last first.
const BACK: &str = "database\norders\norders-back\ndatabase-back\n";

/// Votes, starts, kills the window while a program runs, resumes, rolls back and keeps the report.
pub(super) fn from_vote_to_report(stage: &Stage, pictures: &Path) -> Result<()> {
    let file = stage.launch()?;
    let failed = pictures.join("failed-launch.png");
    let session = open(stage, Some(&file))?;
    watched(&session, &failed, || {
        vote(&session, pictures)?;
        start(&session)?;
        until_so("the second program", || stage.read("ran") == UNDER_WAY)
    })?;
    session.kill_app()?;
    drop(session);
    // What the window had started goes on without it.
    stage.write("go", "")?;
    let session = open(stage, Some(&file))?;
    watched(&session, &failed, || {
        resume(&session, pictures)?;
        roll_back(&session, stage, pictures)?;
        keep_the_report(&session, stage, pictures)
    })?;
    session.close()
}

fn vote(session: &Session, pictures: &Path) -> Result<()> {
    let page = Page(session);
    page.reads("h1", |name| name == "launch")?;
    page.go("#/release/launch/go-no-go")?;
    page.says("QA has not voted")?;
    page.press_until("G", ".sheet-title", "QA: go?")?;
    page.click(".sheet button", "Say go")?;
    page.says("Everybody who is needed has said go.")?;
    page.picture(&pictures.join("voted.png"))
}

/// Starts the release and waits until the run is in the launch room.
pub(super) fn start(session: &Session) -> Result<()> {
    let page = Page(session);
    page.go("#/release/launch/run")?;
    page.click("main button", "Start…")?;
    page.click(".sheet button", "Confirm and start")?;
    page.reads("#run-graph", |title| title == "Release")
        .map(drop)
}

fn resume(session: &Session, pictures: &Path) -> Result<()> {
    let page = Page(session);
    page.reads("h1", |name| name == "launch")?;
    page.reads(".crumbs", |crumbs| {
        crumbs.to_lowercase().contains("interrupted")
    })?;
    page.go("#/release/launch/run")?;
    page.says("This run was interrupted and nobody drives it.")?;
    page.picture(&pictures.join("interrupted.png"))?;
    page.click("main button", "Resume")?;
    page.says("Wave 3 of 3, waits for person")?;
    page.picture(&pictures.join("launch-room.png"))
}

fn roll_back(session: &Session, stage: &Stage, pictures: &Path) -> Result<()> {
    let page = Page(session);
    page.press_until("Shift+R", ".sheet-title", "Roll back")?;
    page.picture(&pictures.join("roll-back.png"))?;
    page.click(".sheet button", "Roll back now")?;
    // What a person did, a person takes back.
    page.says("Rolling back, wave 1 of 3")?;
    page.press_until("A", ".sheet button", "Mark announce done")?;
    page.click(".sheet button", "Mark announce done")?;
    page.reads(".crumbs", |crumbs| {
        crumbs.to_lowercase().contains("rolled back")
    })?;
    ensure!(
        stage.read("ran") == BACK,
        "the programs ran: {}",
        stage.read("ran")
    );
    Ok(())
}

fn keep_the_report(session: &Session, stage: &Stage, pictures: &Path) -> Result<()> {
    let page = Page(session);
    page.go("#/release/launch/report")?;
    page.press_until("X", ".sheet button", "Markdown")?;
    page.click(".sheet button", "Markdown")?;
    page.picture(&pictures.join("report.png"))?;
    page.click(".sheet .primary", "Save launch-report.md")?;
    let desk = Desk(stage);
    desk.turn_to("Save")?;
    let report = stage.file("report.md");
    desk.press("ctrl+a")?;
    desk.write(&report.display().to_string())?;
    desk.press("Return")?;
    until_so("the report in the file that was named", || {
        stage.read("report.md").contains("launch")
    })
}
