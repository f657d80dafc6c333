//! `gantry list`.

use gantry_api::{command::Command as _, commands::list::ListRuns};
use gantry_model::journal::RunSummary;

use super::Door;
use crate::{error::Failure, text::table};

pub(super) async fn run(door: &Door<'_>) -> Result<u8, Failure> {
    let runs = ListRuns {}.execute(&door.app, &door.caller).await?;
    door.output.answer(&runs, |runs| drawn(runs));
    Ok(0)
}

fn drawn(runs: &[RunSummary]) -> String {
    if runs.is_empty() {
        return "No run yet. `gantry rehearse FILE` tries a release, `gantry run FILE` runs it.\n"
            .into();
    }
    let rows = runs.iter().map(|run| {
        [
            run.run.to_string(),
            run.state.clone(),
            run.environment.to_string(),
            format!("{} of {}", run.steps_done, run.steps_total),
            run.started_at.format("%Y-%m-%d %H:%M:%SZ").to_string(),
            run.title.clone().unwrap_or_default(),
        ]
    });
    table::draw(
        [
            "run",
            "state",
            "environment",
            "steps done",
            "started",
            "title",
        ],
        rows,
    )
}
