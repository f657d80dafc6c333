//! `gantry doctor [FILE]`.

use gantry_api::{
    command::Command as _,
    commands::doctor::{Doctor, Health},
};

use super::Door;
use crate::{arguments::DoctorArguments, error::Failure, text::table};

pub(super) async fn run(door: &Door<'_>, typed: &DoctorArguments) -> Result<u8, Failure> {
    let examined = Doctor {
        file: typed.file.clone(),
    }
    .execute(&door.app, &door.caller)
    .await?;
    door.output.answer(&examined, |examined| {
        let rows = examined
            .iter()
            .map(|one| [word(one.state).into(), one.what.clone(), one.answer.clone()]);
        table::draw(["state", "what", "answer"], rows)
    });
    Ok(u8::from(
        examined.iter().any(|one| one.state == Health::Unwell),
    ))
}

fn word(state: Health) -> &'static str {
    match state {
        Health::Well => "✓ well",
        Health::Absent => "– not there",
        Health::Unwell => "✗ not well",
    }
}
