//! `gantry notices RELEASE`, `notices preview FILE`, `notices acknowledge`, `notices send`.

use gantry_api::{
    command::Command as _,
    commands::{
        acknowledge::{Acknowledge, Noted},
        notices::ReadNotices,
        send_notices::SendNotices,
    },
    notices::sender::Round,
};

use super::Door;
use crate::{
    arguments::notices::{NoticesArguments, NoticesCommand},
    error::Failure,
    text,
};

pub(super) async fn run(door: &Door<'_>, typed: &NoticesArguments) -> Result<u8, Failure> {
    match &typed.command {
        None => {
            let release = typed.release.clone().unwrap_or_default();
            let read = ReadNotices { release };
            let notices = read.execute(&door.app, &door.caller).await?;
            door.output.answer(&notices, text::notices::ledger);
        }
        Some(NoticesCommand::Preview { file }) => {
            // A bare name is a file too where a file is asked for.
            let named = file.display().to_string();
            let release = match named.contains(['/', '\\']) {
                true => named,
                false => format!("./{named}"),
            };
            let read = ReadNotices { release };
            let notices = read.execute(&door.app, &door.caller).await?;
            door.output.answer(&notices, text::notices::preview);
        }
        Some(NoticesCommand::Acknowledge { release, notice }) => {
            let acknowledge = Acknowledge {
                release: release.clone(),
                notice: *notice,
            };
            let noted = acknowledge.execute(&door.app, &door.caller).await?;
            door.output.answer(&noted, |noted: &Noted| {
                format!("{} acknowledged\n", messages(noted.acknowledged))
            });
        }
        Some(NoticesCommand::Send { release }) => {
            let release = release.clone();
            let send = SendNotices { release };
            let round = send.execute(&door.app, &door.caller).await?;
            door.output.answer(&round, sent);
        }
    }
    Ok(0)
}

fn sent(round: &Round) -> String {
    format!(
        "{} sent, {} tried in vain, {} waiting\n",
        messages(round.delivered),
        round.failed,
        round.waiting
    )
}

fn messages(count: u32) -> String {
    match count {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    }
}
