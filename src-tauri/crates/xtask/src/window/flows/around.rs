//! What belongs to the window and not to the page.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::super::desk::Desk;
use super::super::display::dying_with_us;
use super::super::driver::Session;
use super::super::page::Page;
use super::super::processes;
use super::super::stage::Stage;
use super::super::waiting::{soon, until_so};
use super::{launch, watched};

/// The question that is asked before a run is left.
const QUESTION: &str = "A release is under way";

/// Starts the app a second time and a third, and leaves it while it drives a release.
pub(super) fn the_window(stage: &Stage, pictures: &Path) -> Result<()> {
    let file = stage.launch_without_a_poll()?;
    // The workspace is the one of this home: with one of its own a window may have others beside it.
    let session = Session::open(stage, &[])?;
    watched(&session, &pictures.join("failed-around.png"), || {
        let page = Page(&session);
        page.says("Nothing is planned here yet.")?;
        again(
            stage,
            file.as_os_str().to_str().context("a strange folder")?,
        )?;
        page.reads("h1", |name| name == "launch")?;
        page.go("#/journal")?;
        page.reads("h1", |name| name == "Journal")?;
        again(stage, "gantry://release/launch")?;
        page.reads("h1", |name| name == "launch")?;
        launch::start(&session)?;
        until_so("the second program", || {
            stage.read("ran").contains("orders")
        })?;
        leave(stage, &session)
    })?;
    stage.write("go", "").map(drop)
}

/// Starts the app again with a word; it hands the word over and ends.
fn again(stage: &Stage, word: &str) -> Result<()> {
    let mut command: Command = dying_with_us(stage.binary().to_str().context("a strange folder")?);
    stage.lend(&mut command);
    let mut second = command
        .arg(word)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("cannot start the app again")?;
    let ended = until_so("the end of the second start", || {
        second.try_wait().is_ok_and(|status| status.is_some())
    });
    if ended.is_err() {
        let _already_gone = second.kill();
        let _already_reaped = second.wait();
    }
    ended
}

/// Stays once when asked, and leaves the second time; what was started is left to be resumed.
fn leave(stage: &Stage, session: &Session) -> Result<()> {
    let desk = Desk(stage);
    desk.close("Gantry")?;
    desk.turn_to(QUESTION)?;
    desk.press("Escape")?;
    until_so("the end of the question", || !desk.shows(QUESTION))?;
    ensure!(
        processes::lives(session.app()),
        "the window went in spite of a no"
    );
    // Which of its two buttons has the keyboard first is for the system to say.
    for keys in [["Return"].as_slice(), &["Tab", "Return"]] {
        desk.close("Gantry")?;
        desk.turn_to(QUESTION)?;
        keys.iter().try_for_each(|key| desk.press(key))?;
        if soon(|| !processes::lives(session.app())) {
            return Ok(());
        }
    }
    bail!("the app is still there after both answers")
}
