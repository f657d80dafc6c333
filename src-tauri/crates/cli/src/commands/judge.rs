//! `gantry judge FILE`.

use std::path::Path;

use gantry_api::{
    command::Command as _,
    commands::judge::{BucketLine, Drawing, Judge, Judged},
};
use gantry_model::release::check::Profile;

use super::Door;
use crate::{
    arguments::{JudgeArguments, ProfileName},
    error::Failure,
    output::Form,
};

pub(super) async fn run(door: &Door<'_>, typed: &JudgeArguments) -> Result<u8, Failure> {
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
    let mut text = String::from("bucket  verdict      evidence    ratio  95 % anytime\n");
    for bucket in &judged.buckets {
        text.push_str(&row(bucket));
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
    let odds = bucket.log_e.exp();
    let evidence = if odds >= 1e6 {
        "> 1 000 000 : 1".to_owned()
    } else {
        format!("{odds:.2} : 1")
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
