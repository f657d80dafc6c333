//! `gantry checklist RELEASE [tick|untick|waive …]`.

use gantry_api::{
    command::Command as _,
    commands::checklist::{Action, Checklist, Confirmed, Prepared},
};
use gantry_model::{time::Timestamp, unit::Span};
use gantry_readiness::{
    event::{Question, TestResult},
    request::Request,
};

use super::Door;
use crate::{
    arguments::people::{ChecklistArguments, ChecklistCommand, QuestionName},
    error::Failure,
    text,
};

pub(super) async fn run(door: &Door<'_>, typed: &ChecklistArguments) -> Result<u8, Failure> {
    let actions = match &typed.command {
        Some(command) => actions(door, command)?,
        None => vec![None],
    };
    let mut last: Option<Prepared> = None;
    for action in actions {
        let command = Checklist {
            release: typed.release.clone(),
            action,
        };
        last = Some(command.execute(&door.app, &door.caller).await?);
    }
    if let Some(prepared) = last {
        show(door, &prepared);
    }
    Ok(0)
}

/// Shows a preparation, and what the caller should know about their key.
pub(super) fn show(door: &Door<'_>, prepared: &Prepared) {
    if let Some(caution) = &prepared.caution {
        door.output.aside(&format!("note: {caution}\n"));
    }
    door.output
        .answer(prepared, |prepared| text::checklist::draw(&prepared.view));
}

fn actions(door: &Door<'_>, command: &ChecklistCommand) -> Result<Vec<Option<Action>>, Failure> {
    let actions = match command {
        ChecklistCommand::Tick {
            items,
            fail,
            comment,
            evidence,
        } => {
            let result = if *fail {
                TestResult::Fail
            } else {
                TestResult::Pass
            };
            ticks(items, result, comment.as_ref(), evidence.as_ref())
        }
        ChecklistCommand::Untick { items, comment } => {
            ticks(items, TestResult::NotTested, comment.as_ref(), None)
        }
        ChecklistCommand::Waive { .. } => waivers(door, command)?,
        ChecklistCommand::Check { item, yes } => vec![Action::Check {
            item: item.clone(),
            confirmed: if *yes {
                Confirmed::Yes
            } else {
                Confirmed::Earlier
            },
        }],
        ChecklistCommand::Claim { .. }
        | ChecklistCommand::Assign { .. }
        | ChecklistCommand::Link { .. }
        | ChecklistCommand::Correct { .. } => {
            request(command)?.map(Action::Ask).into_iter().collect()
        }
    };
    Ok(actions.into_iter().map(Some).collect())
}

fn ticks(
    items: &[String],
    result: TestResult,
    comment: Option<&String>,
    evidence: Option<&String>,
) -> Vec<Action> {
    let tick = |item: &String| Action::Tick {
        item: item.clone(),
        result,
        comment: comment.cloned(),
        evidence: evidence.cloned(),
    };
    items.iter().map(tick).collect()
}

fn waivers(door: &Door<'_>, command: &ChecklistCommand) -> Result<Vec<Action>, Failure> {
    let ChecklistCommand::Waive {
        items,
        approve,
        reason,
        risk,
        until,
    } = command
    else {
        return Ok(Vec::new());
    };
    let expires = match until {
        Some(text) => instant(door, text)?,
        None => door.app.clock.now(),
    };
    let waive = |item: &String| {
        let item = item.clone();
        Action::Ask(if *approve {
            Request::ApproveWaiver { item }
        } else {
            Request::Waive {
                item,
                reason: reason.clone().unwrap_or_default(),
                risk: risk.clone().unwrap_or_default(),
                expires,
            }
        })
    };
    Ok(items.iter().map(waive).collect())
}

fn request(command: &ChecklistCommand) -> Result<Option<Request>, Failure> {
    Ok(match command {
        ChecklistCommand::Claim { item } => Some(Request::Claim { item: item.clone() }),
        ChecklistCommand::Assign { item, to } => Some(Request::Assign {
            item: item.clone(),
            to: to.clone(),
        }),
        ChecklistCommand::Link { item, link } => Some(Request::Link {
            item: item.clone(),
            link: link.clone(),
        }),
        ChecklistCommand::Correct {
            node,
            question,
            answer,
            reason,
        } => Some(Request::Correct {
            node: super::parsed(node, "`gantry checklist RELEASE` lists the nodes")?,
            question: match question {
                QuestionName::What => Question::What,
                QuestionName::Risk => Question::Risk,
                QuestionName::Dependencies => Question::Dependencies,
                QuestionName::RollbackComplexity => Question::RollbackComplexity,
            },
            answer: answer.clone(),
            reason: reason.clone(),
        }),
        ChecklistCommand::Tick { .. }
        | ChecklistCommand::Untick { .. }
        | ChecklistCommand::Waive { .. }
        | ChecklistCommand::Check { .. } => None,
    })
}

/// Reads an instant, or how long from now it is.
fn instant(door: &Door<'_>, text: &str) -> Result<Timestamp, Failure> {
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(exact);
    }
    let span: Result<Span, _> = text.parse();
    let later = span
        .ok()
        .and_then(|span| door.app.clock.now().checked_add_signed(span.as_delta()));
    let hint =
        "write RFC 3339, for example 2026-12-01T20:00:00Z, or a time from now, for example 12h";
    later.ok_or_else(|| Failure::bad_call(format!("`{text}` is not a time"), hint))
}
