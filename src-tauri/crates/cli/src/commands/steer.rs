//! `gantry hold|resume|abort|rollback|retry|skip|approve|done|resolve RELEASE [NODE]`.

use gantry_api::{
    command::Command as _,
    commands::steer::{Steer, Taken},
    follow,
};
use gantry_model::{
    command::{Answer, Command},
    id::{GateName, NodeId, StepId},
};

use super::Door;
use crate::{
    arguments::{AnswerName, ReleaseArguments, ResolveArguments, SteerArguments},
    error::Failure,
    following,
};

pub(super) async fn hold(door: &Door<'_>, typed: &SteerArguments) -> Result<u8, Failure> {
    let node = typed.optional_node()?;
    give(
        door,
        typed,
        Command::Hold {
            node,
            reason: typed.reason.clone(),
        },
    )
    .await
}

pub(super) async fn abort(door: &Door<'_>, typed: &SteerArguments) -> Result<u8, Failure> {
    if typed.node.is_some() {
        return Err(Failure::bad_call(
            "abort ends the whole run",
            "gantry rollback RELEASE NODE undoes one node",
        ));
    }
    let taken = steer(
        door,
        &typed.release,
        Command::Abort {
            reason: typed.reason.clone(),
        },
    )
    .await?;
    carry_on(door, &taken).await
}

/// A rollback goes on by itself: where no process drives the run, this one does.
pub(super) async fn rollback(door: &Door<'_>, typed: &SteerArguments) -> Result<u8, Failure> {
    let node = typed.optional_node()?;
    let taken = steer(
        door,
        &typed.release,
        Command::Rollback {
            node,
            reason: typed.reason.clone(),
        },
    )
    .await?;
    carry_on(door, &taken).await
}

pub(super) async fn retry(door: &Door<'_>, typed: &SteerArguments) -> Result<u8, Failure> {
    give(
        door,
        typed,
        Command::Retry {
            node: typed.node()?,
        },
    )
    .await
}

pub(super) async fn skip(door: &Door<'_>, typed: &SteerArguments) -> Result<u8, Failure> {
    let Some(reason) = typed.reason.clone() else {
        return Err(Failure::bad_call(
            "a step is only left out with a reason",
            "add --reason TEXT",
        ));
    };
    let (node, step) = typed.place()?;
    give(door, typed, Command::Skip { node, step, reason }).await
}

/// Takes a gate by its name or a node whose gate is meant; a name that is both means the node.
pub(super) async fn approve(door: &Door<'_>, typed: &SteerArguments) -> Result<u8, Failure> {
    let note = typed.reason.clone();
    let Some(named) = typed.node.as_deref() else {
        return give(
            door,
            typed,
            Command::Approve {
                gate: None,
                node: None,
                note,
            },
        )
        .await;
    };
    let status = gantry_api::commands::status::Status {
        release: typed.release.clone(),
    };
    let status = status.execute(&door.app, &door.caller).await?;
    let node: Option<NodeId> = status
        .run
        .nodes
        .iter()
        .map(|node| &node.id)
        .find(|id| id.as_str() == named)
        .cloned();
    let gate: Option<GateName> = if node.is_some() {
        None
    } else {
        Some(parsed(named)?)
    };
    give(door, typed, Command::Approve { gate, node, note }).await
}

pub(super) async fn done(door: &Door<'_>, typed: &SteerArguments) -> Result<u8, Failure> {
    give(
        door,
        typed,
        Command::Done {
            node: typed.node()?,
            note: typed.reason.clone(),
        },
    )
    .await
}

pub(super) async fn resolve(door: &Door<'_>, typed: &ResolveArguments) -> Result<u8, Failure> {
    let (node, step) = place(&typed.node)?;
    let answer = match typed.answer {
        AnswerName::Applied => Answer::Applied,
        AnswerName::NotApplied => Answer::NotApplied,
        AnswerName::DoneByHand => Answer::DoneByHand,
        AnswerName::Accepted => Answer::Accepted,
    };
    let command = Command::Resolve {
        node,
        step,
        answer,
        reason: typed.reason.clone(),
    };
    told(door, &steer(door, &typed.release, command).await?)
}

/// Lifts holds and follows the run to its end; one that has ended prints its outcome.
pub(super) async fn resume(door: &Door<'_>, typed: &ReleaseArguments) -> Result<u8, Failure> {
    let journal = door.app.journal()?;
    let run = follow::find(&*journal, &typed.release).await?;
    if !journal
        .summary(&run)
        .await
        .map_err(gantry_api::error::ApiError::from)?
        .ended
    {
        steer(door, &run.to_string(), Command::Resume { node: None }).await?;
    }
    let driver = follow::resume(&door.app, &door.caller, &run).await?;
    following::follow(door, driver).await
}

async fn give(door: &Door<'_>, typed: &SteerArguments, command: Command) -> Result<u8, Failure> {
    told(door, &steer(door, &typed.release, command).await?)
}

async fn steer(door: &Door<'_>, release: &str, order: Command) -> Result<Taken, Failure> {
    let steer = Steer {
        release: release.into(),
        order,
    };
    Ok(steer.execute(&door.app, &door.caller).await?)
}

/// Says what was answered, and what has to be done for it to happen.
fn told(door: &Door<'_>, taken: &Taken) -> Result<u8, Failure> {
    door.output.answer(
        taken,
        |Taken {
             run,
             message,
             needs_resume,
             ..
         }| {
            let next = if *needs_resume {
                format!("  `gantry resume {run}` takes the run up again\n")
            } else {
                String::new()
            };
            format!("{message}\n{next}")
        },
    );
    Ok(0)
}

/// Drives the run to its end where nobody else does.
async fn carry_on(door: &Door<'_>, taken: &Taken) -> Result<u8, Failure> {
    if !taken.needs_resume {
        return told(door, taken);
    }
    door.output.aside(&format!("{}\n", taken.message));
    let driver = follow::resume(&door.app, &door.caller, &taken.run).await?;
    following::follow(door, driver).await
}

impl SteerArguments {
    fn optional_node(&self) -> Result<Option<NodeId>, Failure> {
        self.node.as_deref().map(parsed).transpose()
    }

    fn node(&self) -> Result<NodeId, Failure> {
        Ok(self.place()?.0)
    }

    fn place(&self) -> Result<(NodeId, Option<StepId>), Failure> {
        match &self.node {
            Some(text) => place(text),
            None => Err(Failure::bad_call(
                "no node is named",
                "name one: gantry COMMAND RELEASE NODE",
            )),
        }
    }
}

/// Reads `NODE` or `NODE/STEP`.
fn place(text: &str) -> Result<(NodeId, Option<StepId>), Failure> {
    match text.split_once('/') {
        Some((node, _)) => Ok((parsed(node)?, Some(parsed(text)?))),
        None => Ok((parsed(text)?, None)),
    }
}

fn parsed<T: std::str::FromStr>(text: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| {
        Failure::bad_call(
            error.to_string(),
            "`gantry show RELEASE` lists nodes and steps",
        )
    })
}
