//! `gantry vote RELEASE --role R go|no-go|condition`.

use gantry_api::{command::Command as _, commands::vote::CastVote};
use gantry_model::release::check::{Check, HttpProbe};
use gantry_readiness::{event::Vote, request::Request, stage::Stage};

use super::Door;
use crate::{
    arguments::people::{VoteArguments, VoteName},
    error::Failure,
};

pub(super) async fn run(door: &Door<'_>, typed: &VoteArguments) -> Result<u8, Failure> {
    let command = CastVote {
        release: typed.release.clone(),
        request: request(typed)?,
    };
    let prepared = command.execute(&door.app, &door.caller).await?;
    super::checklist::show(door, &prepared);
    Ok(0)
}

fn request(typed: &VoteArguments) -> Result<Request, Failure> {
    let stages = "write readiness, start, success, or a step that cannot be undone";
    let stage: Option<Stage> = match &typed.at {
        Some(text) => Some(super::parsed(text, stages)?),
        None => None,
    };
    let reason = || {
        let missing = || Failure::bad_call("this needs a reason", "add --reason TEXT");
        typed.reason.clone().ok_or_else(missing)
    };
    let vote = match typed.answer {
        VoteName::Recycle => {
            let reason = reason()?;
            return Ok(Request::Recycle { stage, reason });
        }
        VoteName::Override => {
            let (stage, reason) = (stage.unwrap_or(Stage::Start), reason()?);
            return Ok(Request::Override { stage, reason });
        }
        VoteName::Go => Vote::Go,
        VoteName::NoGo => Vote::NoGo,
        VoteName::Absent => Vote::Absent,
        VoteName::Delegate => Vote::Delegated {
            to: text(
                typed,
                "say to whom: gantry vote RELEASE --role R delegate NAME",
            )?,
        },
        VoteName::Condition => Vote::Condition {
            item: text(
                typed,
                "say what must hold: gantry vote RELEASE --role R condition TEXT",
            )?,
            check: check(typed)?.map(Box::new),
        },
    };
    let role = typed.role.clone();
    let nobody = || Failure::bad_call("no position is named", "add --role ROLE");
    Ok(Request::Vote {
        stage,
        role: role.ok_or_else(nobody)?,
        vote,
        comment: typed.reason.clone(),
    })
}

fn text(typed: &VoteArguments, hint: &str) -> Result<String, Failure> {
    let missing = || Failure::bad_call("a word is missing behind the answer", hint);
    typed.text.clone().ok_or_else(missing)
}

fn check(typed: &VoteArguments) -> Result<Option<Check>, Failure> {
    let bare = Check {
        below: typed.below.clone(),
        above: typed.above.clone(),
        ..Check::default()
    };
    if let Some(url) = &typed.url {
        let http = Some(HttpProbe {
            path: None,
            url: Some(url.clone()),
            port: None,
            status: 200,
        });
        return Ok(Some(Check { http, ..bare }));
    }
    let Some(metric) = &typed.metric else {
        return Ok(None);
    };
    if bare.below.is_none() && bare.above.is_none() {
        let hint = "add --below or --above";
        return Err(Failure::bad_call("a metric alone says nothing", hint));
    }
    let metric = Some(super::parsed(metric, "name a metric of the release file")?);
    Ok(Some(Check { metric, ..bare }))
}
