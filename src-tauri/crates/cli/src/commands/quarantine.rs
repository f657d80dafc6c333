//! `gantry quarantine add|lift|let-through SERVICE VERSION --reason …`.

use gantry_api::{
    command::Command as _,
    commands::quarantine::{Quarantine, Turn},
};

use super::{Door, parsed};
use crate::{
    arguments::catalogue::{QuarantineArguments, QuarantineCommand},
    error::Failure,
};

pub(super) async fn run(door: &Door<'_>, typed: &QuarantineArguments) -> Result<u8, Failure> {
    let (what, version, release) = match &typed.command {
        QuarantineCommand::Add(version) => (Turn::Add, version, None),
        QuarantineCommand::Lift(version) => (Turn::Lift, version, None),
        QuarantineCommand::LetThrough { version, release } => {
            (Turn::LetThrough, version, Some(release))
        }
    };
    let release = release.map(|release| parsed(release, "`gantry list` shows releases"));
    let turned = Quarantine {
        service: parsed(&version.service, "`gantry catalogue` lists services")?,
        version: parsed(&version.version, "write it as the release file does")?,
        reason: version.reason.clone(),
        what,
        release: release.transpose()?,
    }
    .execute(&door.app, &door.caller)
    .await?;
    door.output
        .answer(&turned, |turned| format!("{}.\n", turned.message));
    Ok(0)
}
