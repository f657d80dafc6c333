//! Where a run asks whether it may go ahead. Aborts and rollbacks never come by here.

use gantry_engine::drive;
use gantry_model::{
    command::Command,
    id::{ReleaseId, RunId, StepId},
    plan::{NodeIndex, Plan, Undo},
    run::{Run, StepState},
};
use gantry_port::journal::StoreError;
use gantry_readiness::{
    agenda::Agenda,
    event::Happened,
    gate::{self, Answer},
    house::House,
    preparation::{self, Preparation},
    request::Request,
    stage::Stage,
};

use super::{
    desk::{Desk, Writer},
    heads,
    look::{self, Which, look, reach_digest, reach_with_conditions, unconfirmed},
};
use crate::{
    app::App,
    error::{ApiError, ErrorCode},
    follow::Prepared,
};

/// An approval that is recorded, signed, once the run has taken it.
#[derive(Clone, Debug)]
pub struct Approval {
    writer: Writer,
    happened: Happened,
}

/// Refuses a start to which checklists, a poll or a freeze say no.
///
/// A file that asks nothing of people is held by freezes alone, and leaves no record.
///
/// # Errors
/// `not-ready` with one sentence for each reason; `not-confirmed` where the condition of a vote
/// reaches further than was confirmed.
pub async fn before_start(app: &App, desk: &Desk<'_>, prepared: &Prepared) -> Result<(), ApiError> {
    let release = &prepared.plan.release;
    if prepared.agenda.asks() {
        settle(desk, release).await?;
        let writer = desk.writer().await?;
        desk.present(&writer, prepared).await?;
        confirm(desk, &writer, prepared).await?;
        look(app, desk, &writer, (&prepared.plan, &Which::All)).await?;
    }
    let house = desk.house().await?.state;
    let preparation = desk.preparation(release).await?.state;
    let same = |plan| plan == prepared.plan.digest;
    let presented = preparation.presented.as_ref();
    let known = presented.is_some_and(|presented| same(presented.plan));
    let preparation = if known {
        preparation
    } else {
        Preparation::default()
    };
    let now = app.clock.now();
    let answer = gate::ask(&prepared.agenda, (&preparation, &house), &Stage::Start, now);
    refuse(release.as_str(), &answer)
}

/// Who starts has seen the reach of the file; a vote may have added to it since.
async fn confirm(desk: &Desk<'_>, writer: &Writer, prepared: &Prepared) -> Result<(), ApiError> {
    let preparation = desk.preparation(&prepared.plan.release).await?.state;
    let lines = reach_with_conditions(&prepared.plan, &preparation);
    let shown = |line: &&String| prepared.reach.contains(line);
    let reach = reach_digest(&lines);
    if !preparation.is_confirmed(reach) && !lines.iter().all(|line| shown(&line)) {
        let new: Vec<String> = lines.into_iter().filter(|line| !shown(&line)).collect();
        return Err(unconfirmed(&new));
    }
    let confirm = Request::ConfirmReach { reach };
    desk.ask(&prepared.plan.release, writer, &confirm)
        .await
        .map(drop)
}

/// Records that the last run of a release ended, where nobody has yet: its votes are used up.
///
/// # Errors
/// `workspace`.
pub async fn settle(desk: &Desk<'_>, release: &ReleaseId) -> Result<(), ApiError> {
    let preparation = desk.preparation(release).await?.state;
    let journal = desk.journal();
    let Some(run) = unsettled(desk, &preparation, release).await? else {
        return Ok(());
    };
    let summary = journal.summary(&run).await?;
    if !summary.ended {
        return Ok(());
    }
    let mut happened = Vec::new();
    if preparation.under_way().is_none() {
        happened.push(Happened::RunStarted {
            run: run.clone(),
            plan: summary.plan,
            file: None,
        });
    }
    happened.push(Happened::RunEnded {
        outcome: summary.state,
        head: desk.head_of(&run).await?,
        run,
    });
    let writer = desk.writer().await?;
    desk.record(&preparation::room(release), &writer, &happened)
        .await
}

/// Gives the run whose end is not recorded: the one under way, or one whose driver died before it
/// could record the start.
async fn unsettled(
    desk: &Desk<'_>,
    preparation: &Preparation,
    release: &ReleaseId,
) -> Result<Option<RunId>, ApiError> {
    if let Some(under_way) = preparation.under_way() {
        return Ok(Some(under_way.run.clone()));
    }
    let Some(presented) = &preparation.presented else {
        return Ok(None);
    };
    let journal = desk.journal();
    let latest = match journal.latest(release).await {
        Ok(latest) => latest,
        Err(StoreError::NoSuchRun(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let known = preparation
        .run
        .as_ref()
        .is_some_and(|run| run.run == latest);
    let summary = journal.summary(&latest).await?;
    let after = summary.plan == presented.plan && summary.started_at >= presented.at;
    Ok((!known && after).then_some(latest))
}

/// Refuses an order to which polls or freezes say no; gives the approval that is to be recorded.
///
/// # Errors
/// `not-ready`, and `refused` where the approver is not who they say.
pub async fn before_order(
    app: &App,
    desk: &Desk<'_>,
    (run, plan): (&RunId, &Plan),
    order: &Command,
) -> Result<Option<Approval>, ApiError> {
    match order {
        Command::Resume { .. } => {
            refuse_frozen(app, desk, run, plan).await?;
            Ok(None)
        }
        Command::Approve { gate, node, note } => {
            let folded = drive::read(&*desk.journal(), run).await?;
            let node = node.as_ref().and_then(|node| plan.node(node));
            let gate = gate.as_ref().map(gantry_model::id::GateName::as_str);
            for stage in stages(&folded, gate, node) {
                refuse_unready(app, desk, (run, plan), &stage).await?;
            }
            let named = gate.map(str::to_owned);
            approval(desk, (run, plan), named, note.clone()).await
        }
        // A rollback and an abort are nobody's to refuse; the others change no direction.
        Command::Hold { .. }
        | Command::Abort { .. }
        | Command::Rollback { .. }
        | Command::Retry { .. }
        | Command::Skip { .. }
        | Command::Freeze { .. }
        | Command::Resolve { .. }
        | Command::Done { .. }
        | Command::Note { .. } => Ok(None),
    }
}

/// Records an approval that was taken, with where the journal stood.
///
/// # Errors
/// `workspace`.
pub async fn approved(desk: &Desk<'_>, run: &RunId, approval: Approval) -> Result<(), ApiError> {
    let head = heads::here(desk, run).await?;
    let room = preparation::room(run.release());
    let Approval { writer, happened } = approval;
    desk.record(&room, &writer, &[happened, head]).await
}

async fn approval(
    desk: &Desk<'_>,
    (run, plan): (&RunId, &Plan),
    gate: Option<String>,
    note: Option<String>,
) -> Result<Option<Approval>, ApiError> {
    let Some(writer) = desk.approver().await? else {
        return Ok(None);
    };
    let happened = Happened::Approved {
        run: run.clone(),
        gate,
        plan: plan.digest,
        note,
    };
    Ok(Some(Approval { writer, happened }))
}

async fn refuse_frozen(
    app: &App,
    desk: &Desk<'_>,
    run: &RunId,
    plan: &Plan,
) -> Result<(), ApiError> {
    let journal = desk.journal();
    let folded = drive::read(&*journal, run).await?;
    if folded.phase() == gantry_model::run::Phase::Backward {
        return Ok(());
    }
    let (house, preparation) = prepared_for(desk, plan).await?;
    let reasons = super::guard::frozen(plan, (&preparation, &house), app.clock.now());
    let answer = Answer {
        stage: Stage::Start,
        reasons,
        what_would_make_it_go: None,
        overridden: Vec::new(),
    };
    refuse(&run.to_string(), &answer)
}

async fn refuse_unready(
    app: &App,
    desk: &Desk<'_>,
    (run, plan): (&RunId, &Plan),
    stage: &Stage,
) -> Result<(), ApiError> {
    let (house, preparation) = prepared_for(desk, plan).await?;
    let Some(presented) = &preparation.presented else {
        return Ok(());
    };
    let agenda: Agenda = presented.agenda.clone();
    if preparation
        .items()
        .iter()
        .any(|(_, item)| item.check.is_some())
    {
        let writer = desk.writer().await?;
        look::look(app, desk, &writer, (plan, &Which::All)).await?;
    }
    let preparation = desk.preparation(&plan.release).await?.state;
    let answer = gate::ask(&agenda, (&preparation, &house), stage, app.clock.now());
    refuse(&run.to_string(), &answer)
}

/// Reads the preparation, if it was for this plan.
async fn prepared_for(desk: &Desk<'_>, plan: &Plan) -> Result<(House, Preparation), ApiError> {
    let house = desk.house().await?.state;
    let preparation = desk.preparation(&plan.release).await?.state;
    let presented = preparation.presented.as_ref();
    let known = presented.is_some_and(|presented| presented.plan == plan.digest);
    Ok((
        house,
        if known {
            preparation
        } else {
            Preparation::default()
        },
    ))
}

/// Tells what an approval would let go ahead.
fn stages(run: &Run, gate: Option<&str>, node: Option<NodeIndex>) -> Vec<Stage> {
    match gate {
        Some("start" | "judge") => Vec::new(),
        Some("success") => vec![Stage::Success],
        Some(_) | None => {
            let nodes = asking(run).filter(|asks| node.is_none_or(|node| node == *asks));
            let crossings = nodes.flat_map(|node| crossings(run.plan(), node));
            let mut stages: Vec<Stage> = crossings.map(Stage::Crossing).collect();
            let open = run.criteria().any(|(_, state)| !state.is_met());
            if stages.is_empty() && gate.is_none() && node.is_none() && open {
                stages.push(Stage::Success);
            }
            stages
        }
    }
}

fn asking(run: &Run) -> impl Iterator<Item = NodeIndex> {
    let asking = run
        .steps()
        .filter(|(_, step)| matches!(step.state, StepState::Asking { .. }));
    asking.map(|(index, _)| run.planned_step(index).node)
}

fn crossings(plan: &Plan, node: NodeIndex) -> Vec<StepId> {
    let steps = plan.steps.iter();
    let of_node = steps.filter(|step| step.node == node && step.undo == Undo::Never);
    of_node.map(|step| step.id.clone()).collect()
}

fn refuse(name: &str, answer: &Answer) -> Result<(), ApiError> {
    if answer.is_go() {
        return Ok(());
    }
    let message = match &answer.stage {
        Stage::Start => format!("{name} may not go ahead"),
        stage => format!("{name} may not go ahead before {}", stage.words()),
    };
    let hint =
        format!("`gantry checklist {name}` shows who is asked for what; nothing was changed");
    Err(ApiError {
        chain: answer.reasons.clone(),
        ..ApiError::new(ErrorCode::NotReady, message, hint)
    })
}
