//! `gantry note RELEASE TEXT [--topic …] [--tag …] [--owner … --due …]`.

use gantry_api::{
    command::Command as _,
    commands::steer::{Steer, Taken},
};
use gantry_model::command::{Command, Remark, Topic};

use super::Door;
use crate::{
    arguments::{NoteArguments, TopicName},
    error::Failure,
};

pub(super) async fn run(door: &Door<'_>, typed: &NoteArguments) -> Result<u8, Failure> {
    let order = Command::Note {
        text: typed.text.clone(),
        remark: Remark {
            topic: topic(typed.topic),
            tags: typed.tag.clone(),
            owner: typed.owner.clone(),
            due: typed.due,
        },
    };
    let steer = Steer {
        release: typed.release.clone(),
        order,
    };
    let taken = steer.execute(&door.app, &door.caller).await?;
    door.output.answer(&taken, |Taken { run, message, .. }| {
        format!("{run}: {message}\n")
    });
    Ok(0)
}

fn topic(name: TopicName) -> Topic {
    match name {
        TopicName::General => Topic::General,
        TopicName::Impact => Topic::Impact,
        TopicName::Factor => Topic::Factor,
        TopicName::Data => Topic::Data,
        TopicName::WentWell => Topic::WentWell,
        TopicName::WentBadly => Topic::WentBadly,
        TopicName::Lucky => Topic::Lucky,
        TopicName::Action => Topic::Action,
    }
}
