//! `gantry people`.

use gantry_api::{command::Command as _, commands::people::People};
use gantry_readiness::event::ClaimedNames;

use super::Door;
use crate::{
    arguments::people::{ClaimedRule, PeopleArguments, PeopleCommand},
    error::Failure,
    text::table,
};

pub(super) async fn run(door: &Door<'_>, typed: &PeopleArguments) -> Result<u8, Failure> {
    let rule = typed.command.as_ref().map(|command| match command {
        PeopleCommand::ClaimedNames { rule } => match rule {
            ClaimedRule::Allowed => ClaimedNames::Allowed,
            ClaimedRule::Refused => ClaimedNames::Refused,
        },
    });
    let people = People {
        claimed_names: rule,
    };
    let known = people.execute(&door.app, &door.caller).await?;
    door.output.answer(&known, |known| {
        let rows = known.people.iter();
        let rows = rows.map(|person| [person.name.clone(), person.key.short().to_owned()]);
        let rule = match known.claimed_names {
            Some(ClaimedNames::Allowed) => "--by may name anybody here.",
            Some(ClaimedNames::Refused) => "--by names nobody here.",
            None => "--by may name who steers a run, but nobody who votes, ticks or freezes.",
        };
        format!("{}{rule}\n", table::draw(["name", "key"], rows))
    });
    Ok(0)
}
