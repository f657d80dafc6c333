//! `cargo xtask window`: opens the real desktop app on a display of its own and looks at it.
//!
//! A virtual display, the web view's own driver and the app as it is built: what a person would
//! see. The picture is left at `target/window.png` for one to look at.

mod driver;

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::say::say;
use crate::{cargo, page};
use driver::Session;

/// A release whose title would be a script if anybody let it.
const RELEASE: &str = include_str!("window/release.yaml");

/// Its title.
const TITLE: &str = "<img src=x onerror=alert(1)>";

/// Builds the app, opens it with a release, reads what the window shows and takes a picture.
///
/// # Errors
///
/// When something does not start, or the window does not show the plan.
pub fn run() -> Result<()> {
    page::build()?;
    cargo::run(&["build", "--package", "gantry-desktop"])?;
    let target = cargo::target();
    let folder = tempfile::tempdir().context("no folder for the release")?;
    let release = folder.path().join("release.yaml");
    std::fs::write(&release, RELEASE).context("no release file")?;
    let display = Display::start()?;
    let session = Session::open(
        &display.name,
        &target.join("debug/gantry-desktop"),
        &release,
    )?;
    let seen = look(&session, &target.join("window.png"));
    session.close()?;
    seen
}

fn look(session: &Session, picture: &Path) -> Result<()> {
    // The window goes to the release once it has been opened.
    let seen = shows_the_release(session);
    session.picture(picture)?;
    say(format_args!("window: see {}", picture.display()));
    seen
}

fn shows_the_release(session: &Session) -> Result<()> {
    session.wait_for("h1", |name| name == "shop-2.4")?;
    session.wait_for(".crumbs .title", |title| title == TITLE)?;
    let nodes = ["web", "orders", "orders-db"];
    session.wait_for("body", |page| nodes.iter().all(|node| page.contains(node)))
}

/// A virtual display, ended when it is dropped.
struct Display {
    child: Child,
    name: String,
}

impl Display {
    /// Starts one with a number that is free.
    fn start() -> Result<Self> {
        let mut child = dying_with_us("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .args(["-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run Xvfb: run `cargo xtask setup`")?;
        let output = child.stdout.take().context("Xvfb says nothing")?;
        let number = first_line(output)?;
        if number.is_empty() {
            bail!("Xvfb does not start");
        }
        Ok(Self {
            child,
            name: format!(":{number}"),
        })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _already_reaped = self.child.wait();
    }
}

fn first_line(output: impl std::io::Read) -> Result<String> {
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line)
        .context("no line")?;
    Ok(line.trim().to_owned())
}

/// A program that the kernel ends when this one is killed.
fn dying_with_us(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", program]);
    command
}
