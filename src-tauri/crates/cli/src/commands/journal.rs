//! `gantry journal RELEASE` and `gantry journal verify RELEASE|FILE`.

use gantry_api::{
    command::Command as _,
    commands::{
        journal::ReadJournal,
        verify::{Verified, Verify},
    },
};
use gantry_model::event::RunEvent;

use super::Door;
use crate::{
    arguments::{JournalArguments, JournalCommand},
    error::Failure,
    output::Form,
    text::story,
};

pub(super) async fn run(door: &Door<'_>, typed: &JournalArguments) -> Result<u8, Failure> {
    match (&typed.command, &typed.release) {
        (Some(JournalCommand::Verify { target }), _) => verify(door, target).await,
        (None, Some(release)) => print(door, release).await,
        (None, None) => Err(Failure::bad_call(
            "no release is named",
            "gantry journal RELEASE",
        )),
    }
}

async fn print(door: &Door<'_>, release: &str) -> Result<u8, Failure> {
    let entries = ReadJournal {
        release: release.into(),
    }
    .entries(&door.app)
    .await?;
    for entry in &entries {
        match door.output.form() {
            Form::Json => door.output.line(&entry.to_line()),
            Form::Text => match RunEvent::from_body(&entry.event.body) {
                Ok(event) => door.output.line(&story::record_line(&event)),
                Err(_) => door.output.line(&entry.event.body),
            },
        }
    }
    Ok(0)
}

async fn verify(door: &Door<'_>, target: &str) -> Result<u8, Failure> {
    let verified = Verify {
        target: target.into(),
    }
    .execute(&door.app, &door.caller)
    .await?;
    door.output
        .answer(&verified, |Verified { entries, head, .. }| {
            format!("whole: {entries} entries, head {head}\n")
        });
    Ok(0)
}
