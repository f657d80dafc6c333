//! `steer`: hold, resume, abort, rollback, retry, skip, approve, done, resolve.

use gantry_engine::drive::{self, Ruled, Steering};
use gantry_model::{
    command::{Actor, Command as Order, Order as Signed},
    event::RulingWord,
    id::RunId,
    unit::Span,
};
use gantry_port::journal::Journal;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    follow,
    readiness::{desk::Desk, gate, heads},
};

/// How often the record is looked at for the driver's answer.
const LOOK_EVERY: Span = Span::from_millis(50);
/// How long a living driver may take to answer.
const PATIENCE: Span = Span::from_secs(30);

/// Gives a command to a run, from any process.
#[derive(Clone, Debug, Deserialize)]
pub struct Steer {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
    /// The command.
    #[serde(flatten)]
    pub order: Order,
}

/// A command that was taken.
#[derive(Clone, Debug, Serialize)]
pub struct Taken {
    /// The run.
    pub run: RunId,
    /// The command's word.
    pub command: &'static str,
    /// What was answered.
    pub message: String,
    /// Whether somebody has to take the run up for it to go on.
    pub needs_resume: bool,
}

impl Command for Steer {
    const NAME: &'static str = "steer";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Gives a command to a run: hold, resume, abort, rollback, retry, skip, approve, done, resolve.";
    type Answer = Taken;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Taken, ApiError> {
        let journal = app.journal()?;
        let run = follow::find(&*journal, &self.release).await?;
        let plan = follow::stored_plan(&*journal, &run).await?;
        let desk = Desk::open(app, caller)?;
        let approval = gate::before_order(app, &desk, (&run, &plan), &self.order).await?;
        let world = follow::world(app, &plan).await?;
        let command = self.order.word();
        let moves = moves(&self.order);
        let signed = Signed {
            by: Actor::named(&caller.name),
            command: self.order,
        };
        let (ruled, needs_resume) = match drive::steer(&world, &run, signed).await? {
            Steering::Ruled(ruled) => (ruled, true),
            Steering::Posted(letter) => (answer(app, &*journal, &run, letter).await?, false),
        };
        match ruled.ruling {
            RulingWord::Accepted => {
                if let Some(approval) = approval {
                    gate::approved(&desk, &run, approval).await?;
                }
                if journal.summary(&run).await?.ended {
                    heads::left(app, caller, &run).await;
                }
                let drives_it = needs_resume && moves && app.drives.is_some();
                if drives_it {
                    app.take_up(caller, &run).await?;
                }
                Ok(Taken {
                    run,
                    command,
                    message: ruled.sentence,
                    needs_resume: needs_resume && !drives_it,
                })
            }
            RulingWord::Refused => {
                let hint = format!("`gantry status {run}` says what each node waits for");
                Err(ApiError::new(ErrorCode::Refused, ruled.sentence, hint))
            }
        }
    }
}

/// Says whether a run that nobody drives should go on after an order: a door that stays sees to it.
fn moves(order: &Order) -> bool {
    match order {
        Order::Resume { .. }
        | Order::Abort { .. }
        | Order::Rollback { .. }
        | Order::Retry { .. }
        | Order::Skip { .. }
        | Order::Approve { .. }
        | Order::Resolve { .. }
        | Order::Done { .. } => true,
        Order::Hold { .. } | Order::Freeze { .. } | Order::Note { .. } => false,
    }
}

/// Waits for the driver's word on a letter.
async fn answer(
    app: &App,
    journal: &dyn Journal,
    run: &RunId,
    letter: u64,
) -> Result<Ruled, ApiError> {
    let until = app.clock.elapsed() + PATIENCE;
    while app.clock.elapsed() < until {
        if let Some(ruled) = drive::answer(journal, run, letter).await? {
            return Ok(ruled);
        }
        app.clock.wait(LOOK_EVERY).await;
    }
    let message = format!("the process that drives run {run} has not answered within {PATIENCE}");
    Err(ApiError::new(
        ErrorCode::Driven,
        message,
        "the command stays in its inbox; look again with `gantry status`",
    ))
}
