//! `gantry run FILE`.

use std::io::{BufRead, IsTerminal};

use gantry_api::{
    error::{ApiError, ErrorCode},
    follow::{self, Prepared},
};

use super::Door;
use crate::{arguments::RunArguments, error::Failure, following, output::Form, text};

pub(super) async fn run(door: &Door<'_>, typed: &RunArguments) -> Result<u8, Failure> {
    let mut prepared = follow::prepare(&door.app, &typed.file).await?;
    prepared.judge_anew.clone_from(&typed.judge_anew);
    if door.output.form() == Form::Text {
        door.output.text(&text::plan::draw(&prepared.plan));
        door.output.text("\n");
    }
    if !typed.yes {
        confirm(door, &prepared)?;
    }
    let driver = follow::start(&door.app, &door.caller, prepared).await?;
    following::follow(door, driver).await
}

/// Shows what the file may reach and asks; silence is never a yes.
fn confirm(door: &Door<'_>, prepared: &Prepared) -> Result<(), Failure> {
    let refused = |message: &str| {
        let hint =
            "answer yes at a terminal, or pass --yes where nobody can answer; nothing was started";
        Failure::from(ApiError::new(ErrorCode::NotConfirmed, message, hint))
    };
    if !std::io::stdin().is_terminal() {
        return Err(refused(
            "nobody is there to confirm what the release may reach",
        ));
    }
    let reach: String = prepared
        .reach
        .iter()
        .map(|line| format!("  {line}\n"))
        .collect();
    door.output.aside(&format!(
        "This release may reach:\n{reach}Start now? [y/N] "
    ));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    read.map_err(|error| Failure::system("the answer cannot be read", &error))?;
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(refused("the start was not confirmed"))
}
