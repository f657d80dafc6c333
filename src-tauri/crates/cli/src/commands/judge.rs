//! `gantry judge FILE`.

use std::path::Path;

use gantry_api::{
    command::Command as _,
    commands::{
        calibrate::Calibrate,
        judge::{BucketLine, Drawing, Judge, Judged, Limit, Mode},
    },
};
use gantry_model::release::check::Profile;

use super::Door;
use crate::{
    arguments::{JudgeArguments, ModeName, ProfileName},
    error::Failure,
    output::Form,
};

/// The exit status where a person has to decide.
const HELD: u8 = 5;

pub(super) async fn run(door: &Door<'_>, typed: &JudgeArguments) -> Result<u8, Failure> {
    if typed.calibrate {
        return calibrate(door, typed).await;
    }
    let drawing = match typed.plot {
        Some(_) => Drawing::Svg,
        None => Drawing::None,
    };
    let judged = Judge {
        file: typed.file.clone(),
        profile: match typed.profile {
            ProfileName::Safe => Profile::Safe,
            ProfileName::Fast => Profile::Fast,
        },
        mode: mode(typed),
        drawing,
    }
    .execute(&door.app, &door.caller)
    .await?;
    if let (Some(path), Some(svg)) = (&typed.plot, &judged.svg) {
        write(path, svg)?;
    }
    match door.output.form() {
        Form::Json => lines(door, &judged),
        Form::Text => door.output.text(&text(&judged)),
    }
    Ok(judged.exit_status())
}

fn mode(typed: &JudgeArguments) -> Mode {
    let limit = Limit {
        limit: typed.limit,
        failures: typed.failures,
    };
    match typed.mode {
        ModeName::Anytime => Mode::Anytime,
        ModeName::KayentaMw => Mode::KayentaMw,
        ModeName::Argo => Mode::Argo(limit),
        ModeName::Flagger => Mode::Flagger(limit),
    }
}

/// Learns from windows without harm; holds where it could not learn of some metric.
async fn calibrate(door: &Door<'_>, typed: &JudgeArguments) -> Result<u8, Failure> {
    let command = Calibrate {
        file: typed.file.clone(),
    };
    let learnt = command.execute(&door.app, &door.caller).await?;
    for metric in &learnt {
        match door.output.form() {
            Form::Json => door
                .output
                .line(&serde_json::to_string(metric).unwrap_or_default()),
            Form::Text => door.output.line(&metric.sentence),
        }
    }
    let whole = learnt.iter().all(|metric| metric.found.is_some());
    Ok(if whole { 0 } else { HELD })
}

fn lines(door: &Door<'_>, judged: &Judged) {
    for bucket in &judged.buckets {
        if let Ok(line) = serde_json::to_string(bucket) {
            door.output.line(&line);
        }
    }
    if let Ok(line) = serde_json::to_string(&judged.verdict) {
        door.output.line(&line);
    }
}

fn text(judged: &Judged) -> String {
    let anytime = judged.verdict.log_e.is_some();
    let head = if anytime {
        "bucket  verdict      evidence    ratio  95 % anytime\n"
    } else {
        "bucket  verdict\n"
    };
    let mut text = head.to_owned();
    for bucket in &judged.buckets {
        if anytime {
            text.push_str(&row(bucket));
        } else {
            text.push_str(&format!("{:>6}  {}\n", bucket.bucket, bucket.verdict));
        }
    }
    let verdict = &judged.verdict;
    text.push_str(&format!(
        "\n{} (score {})\n{}\n",
        verdict.verdict, verdict.score, verdict.sentence
    ));
    text
}

fn row(bucket: &BucketLine) -> String {
    let estimate = bucket
        .estimate
        .map_or("–".to_owned(), |ratio| format!("×{ratio:.2}"));
    let interval = match bucket.interval {
        [Some(low), Some(high)] => format!("×{low:.2}–×{high:.2}"),
        [Some(low), None] if low > 0.0 => format!("×{low:.2} or more"),
        [_, _] => "not bounded".to_owned(),
    };
    let evidence = match bucket.log_e.map(f64::exp) {
        Some(odds) if odds >= 1e6 => "> 1 000 000 : 1".to_owned(),
        Some(odds) => format!("{odds:.2} : 1"),
        None => "–".to_owned(),
    };
    format!(
        "{:>6}  {:<7}  {evidence:>12}  {estimate:>7}  {interval}\n",
        bucket.bucket, bucket.verdict
    )
}

fn write(path: &Path, svg: &str) -> Result<(), Failure> {
    std::fs::write(path, svg)
        .map_err(|error| Failure::system(&format!("{} cannot be written", path.display()), &error))
}
