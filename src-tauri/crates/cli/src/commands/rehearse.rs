//! `gantry rehearse FILE`.

use std::collections::BTreeMap;

use gantry_api::{
    command::Command as _,
    commands::rehearse::{Forecast, Keep, Rehearse, Rehearsed},
};
use gantry_model::unit::Span;
use serde_json::{Value, json};

use super::Door;
use crate::{
    arguments::RehearseArguments,
    error::Failure,
    following::exit_status,
    output::Form,
    text::{span, story::Story},
};

pub(super) async fn run(door: &Door<'_>, typed: &RehearseArguments) -> Result<u8, Failure> {
    let command = Rehearse {
        file: typed.file.clone(),
        seed: typed.seed,
        fail: typed.fail.clone(),
        slow: typed.slow.clone(),
        runs: typed.runs,
        keep: match typed.keep {
            true => Keep::Always,
            false => Keep::WhereItIsOpen,
        },
    };
    let rehearsed = command.execute(&door.app, &door.caller).await?;
    match door.output.form() {
        Form::Json => lines(door, &rehearsed),
        Form::Text => tell(door, &rehearsed),
    }
    Ok(exit_status(rehearsed.outcome))
}

/// Prints the events as `run --json` does, with the outcome last.
fn lines(door: &Door<'_>, rehearsed: &Rehearsed) {
    let events = rehearsed
        .events
        .iter()
        .filter_map(|event| serde_json::to_value(event).ok());
    let told: Vec<Value> = events
        .filter(|event| event.get("kind") != Some(&"finished".into()))
        .collect();
    for event in told {
        door.output.line(&event.to_string());
    }
    let Rehearsed {
        seed,
        outcome,
        waits_for,
        took_ms,
        notices,
        forecast,
        ..
    } = rehearsed;
    let last = json!({ "kind": "finished", "outcome": outcome, "rehearsal": true, "seed": seed,
        "took_ms": took_ms, "waits_for": waits_for, "notices": notices, "forecast": forecast });
    door.output.line(&last.to_string());
}

fn tell(door: &Door<'_>, rehearsed: &Rehearsed) {
    let mut story = Story::default();
    for line in rehearsed
        .events
        .iter()
        .filter_map(|event| story.line(event))
    {
        door.output.line(&line);
    }
    let took = span::words(Span::from_millis(rehearsed.took_ms));
    let waits = rehearsed
        .waits_for
        .as_ref()
        .map(|sentence| format!("; waits for a person: {sentence}"));
    door.output.line(&format!(
        "\nRehearsed in virtual time, seed {}: {} after {took}{}. Nothing was changed.",
        rehearsed.seed,
        rehearsed.outcome,
        waits.unwrap_or_default()
    ));
    if let Some(line) = would_tell(rehearsed) {
        door.output.line(&line);
    }
    if let Some(forecast) = &rehearsed.forecast {
        door.output.line(&forecast_line(forecast));
    }
}

/// Says whom the run would have told, and how often.
fn would_tell(rehearsed: &Rehearsed) -> Option<String> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for notice in &rehearsed.notices {
        *counts.entry(&notice.audience).or_default() += 1;
    }
    let counts = counts.iter().map(|(who, count)| format!("{who} {count}×"));
    let counts: Vec<String> = counts.collect();
    (!counts.is_empty()).then(|| format!("Nobody was told; it would tell {}.", counts.join(", ")))
}

fn forecast_line(forecast: &Forecast) -> String {
    let words = |millis| span::words(Span::from_millis(millis));
    let outcomes: Vec<String> = forecast
        .outcomes
        .iter()
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    format!(
        "{} rehearsals: half took at most {}, 8 of 10 at most {}, 9 of 10 at most {} ({}).",
        forecast.runs,
        words(forecast.p50_ms),
        words(forecast.p80_ms),
        words(forecast.p90_ms),
        outcomes.join(", ")
    )
}
