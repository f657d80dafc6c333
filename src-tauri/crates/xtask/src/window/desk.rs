//! The windows of the system around the page, which no driver of web pages can reach.

use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

use super::stage::Stage;
use super::waiting::until;

/// The keyboard of a stage.
pub(super) struct Desk<'a>(pub(super) &'a Stage);

impl Desk<'_> {
    /// Waits for a window of this title and gives it the keyboard.
    pub(super) fn turn_to(&self, title: &str) -> Result<()> {
        until(title, || {
            let window = self.window(title)?;
            self.xdotool(&["windowactivate", "--sync", &window])?;
            let active = self.xdotool(&["getactivewindow"])?;
            if active == window {
                Ok(())
            } else {
                bail!("another window has the keyboard")
            }
        })
    }

    /// Closes a window as its owner would by the corner of its frame.
    pub(super) fn close(&self, title: &str) -> Result<()> {
        self.turn_to(title)?;
        self.press("alt+F4")
    }

    /// Whether a window of this title is on the screen.
    pub(super) fn shows(&self, title: &str) -> bool {
        self.window(title).is_ok()
    }

    /// Presses a key or several together, such as `alt+F4`.
    pub(super) fn press(&self, keys: &str) -> Result<()> {
        self.xdotool(&["key", "--clearmodifiers", keys]).map(drop)
    }

    /// Types a line of text.
    pub(super) fn write(&self, text: &str) -> Result<()> {
        self.xdotool(&["type", "--clearmodifiers", text]).map(drop)
    }

    fn window(&self, title: &str) -> Result<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title])?;
        let last = found.lines().last();
        last.map(str::to_owned).context("no such window")
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new("xdotool");
        self.0.lend(&mut command);
        let answer = command.args(arguments).output();
        let Output { status, stdout, .. } =
            answer.context("cannot run xdotool: run `cargo xtask setup`")?;
        if !status.success() {
            bail!("xdotool {} ended with {status}", arguments.join(" "));
        }
        Ok(String::from_utf8_lossy(&stdout).trim().to_owned())
    }
}
