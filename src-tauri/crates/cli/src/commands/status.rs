//! `gantry status RELEASE [--watch]`.

use gantry_api::{
    command::Command as _,
    commands::status::{RunStatus, Standing, Status},
};
use gantry_model::unit::Span;

use super::Door;
use crate::{arguments::StatusArguments, error::Failure, output::Form, text};

/// How often `--watch` looks.
const LOOK_EVERY: Span = Span::from_secs(1);

pub(super) async fn run(door: &Door<'_>, typed: &StatusArguments) -> Result<u8, Failure> {
    let command = Status {
        release: typed.release.clone(),
    };
    let mut shown: Option<RunStatus> = None;
    loop {
        let status = command.clone().execute(&door.app, &door.caller).await?;
        if shown.as_ref() != Some(&status.run) {
            print(door, &status, typed.watch);
        }
        if !typed.watch || status.run.outcome.is_some() {
            return Ok(0);
        }
        shown = Some(status.run);
        door.app.clock.wait(LOOK_EVERY).await;
    }
}

fn print(door: &Door<'_>, status: &Standing, watch: bool) {
    match door.output.form() {
        // One line each, so that a watcher can be piped.
        Form::Json if watch => door
            .output
            .line(&serde_json::to_string(status).unwrap_or_default()),
        Form::Json => door.output.json(status),
        Form::Text => {
            if watch && door.output.is_watched() {
                door.output.text("\x1b[2J\x1b[H");
            }
            door.output.text(&text::status::draw_with_forecast(status));
        }
    }
}
