//! `gantry freeze list|add|end|override`.

use gantry_api::{command::Command as _, commands::freeze::Freezes};
use gantry_readiness::{calendar::Period, event::Scope, freeze::Freeze};

use super::Door;
use crate::{
    arguments::people::{FreezeAddArguments, FreezeArguments, FreezeCommand},
    error::Failure,
    text,
};

pub(super) async fn run(door: &Door<'_>, typed: &FreezeArguments) -> Result<u8, Failure> {
    let command = match &typed.command {
        FreezeCommand::List => Freezes::List,
        FreezeCommand::Add(typed) => Freezes::Add {
            freeze: Box::new(freeze(typed)?),
        },
        FreezeCommand::End { name, reason } => Freezes::End {
            name: name.clone(),
            reason: reason.clone(),
        },
        FreezeCommand::Override {
            name,
            release,
            reason,
        } => Freezes::Override {
            name: name.clone(),
            release: release.clone(),
            reason: reason.clone(),
        },
    };
    let shown = command.execute(&door.app, &door.caller).await?;
    door.output
        .answer(&shown, |shown| text::freezes::draw(shown));
    Ok(0)
}

fn freeze(typed: &FreezeAddArguments) -> Result<Freeze, Failure> {
    let zones = "write an IANA zone, for example Europe/Berlin";
    Ok(Freeze {
        name: typed.name.clone(),
        reason: typed.reason.clone(),
        period: Period {
            opens: typed.from.clone(),
            closes: typed.to.clone(),
            timezone: super::parsed(&typed.timezone, zones)?,
            repeat: typed.repeat.clone(),
        },
        scope: Scope {
            environments: names(&typed.environment)?,
            services: names(&typed.service)?,
        },
        may_override: typed.may_override.clone(),
    })
}

fn names<T: std::str::FromStr<Err: std::fmt::Display>>(
    texts: &[String],
) -> Result<Vec<T>, Failure> {
    let hint = "use the names of release files";
    texts.iter().map(|text| super::parsed(text, hint)).collect()
}
