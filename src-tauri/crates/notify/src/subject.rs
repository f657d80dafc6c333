//! What an event of a run is about, and which occasions of a release file it is.

use gantry_model::{
    event::{Happened, HoldReason, Outcome, Place, Seen},
    id::Milestone,
    plan::{Plan, PlannedNode},
    release::{check::Reaction, stakeholder::Occasion, task::UndoTask},
    run::{Manner, manner},
};

use crate::notice::{Mood, Urgency};

/// What people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The release has a time.
    Scheduled,
    /// A poll is open.
    VoteAsked,
    /// A vote is still missing.
    VoteReminder,
    /// A vote is missing for so long that somebody else is told.
    VoteEscalated,
    /// The deadline of a poll has passed while a vote is missing.
    VoteOverdue,
    /// It starts.
    Started,
    /// A node is done.
    NodeDone,
    /// A step failed and is tried again.
    Retried,
    /// A step failed for good.
    StepFailed,
    /// People must approve.
    Approval,
    /// A person must do something.
    ByHand,
    /// A person must say what became of something.
    Unknown,
    /// A trigger tripped that only tells.
    Trigger,
    /// The window is closed; it goes on by itself.
    WindowClosed,
    /// It is held.
    Held,
    /// It goes on.
    Resumed,
    /// A rollback starts.
    RollingBack,
    /// Something could not be taken back.
    Stuck,
    /// All is done.
    Succeeded,
    /// All is back.
    RolledBack,
    /// Some is back, some is changed.
    PartlyRolledBack,
    /// It failed, and nothing was put back.
    Failed,
    /// A person ended it.
    Cancelled,
}

impl Subject {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 23] = [
        Self::Scheduled,
        Self::VoteAsked,
        Self::VoteReminder,
        Self::VoteEscalated,
        Self::VoteOverdue,
        Self::Started,
        Self::NodeDone,
        Self::Retried,
        Self::StepFailed,
        Self::Approval,
        Self::ByHand,
        Self::Unknown,
        Self::Trigger,
        Self::WindowClosed,
        Self::Held,
        Self::Resumed,
        Self::RollingBack,
        Self::Stuck,
        Self::Succeeded,
        Self::RolledBack,
        Self::PartlyRolledBack,
        Self::Failed,
        Self::Cancelled,
    ];

    /// Gives the word that wordings ask for.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::VoteAsked => "vote-asked",
            Self::VoteReminder => "vote-reminder",
            Self::VoteEscalated => "vote-escalated",
            Self::VoteOverdue => "vote-overdue",
            Self::Started => "started",
            Self::NodeDone => "node-done",
            Self::Retried => "retried",
            Self::StepFailed => "step-failed",
            Self::Approval => "approval",
            Self::ByHand => "by-hand",
            Self::Unknown => "unknown",
            Self::Trigger => "trigger",
            Self::WindowClosed => "window-closed",
            Self::Held => "held",
            Self::Resumed => "resumed",
            Self::RollingBack => "rolling-back",
            Self::Stuck => "stuck",
            Self::Succeeded => "succeeded",
            Self::RolledBack => "rolled-back",
            Self::PartlyRolledBack => "partly-rolled-back",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Lists the occasions that it is; who listens to several is told once, of the first.
    pub fn occasions(self) -> &'static [Occasion] {
        match self {
            Self::Scheduled => &[Occasion::Scheduled],
            Self::VoteAsked | Self::VoteReminder | Self::VoteEscalated | Self::VoteOverdue => {
                &[Occasion::Poll]
            }
            Self::Started => &[Occasion::Started],
            Self::NodeDone | Self::Retried | Self::StepFailed => &[Occasion::Progress],
            Self::Approval | Self::ByHand | Self::Unknown => &[Occasion::Waiting],
            Self::Trigger => &[Occasion::Held, Occasion::Waiting, Occasion::Progress],
            Self::WindowClosed | Self::Held => &[Occasion::Held],
            Self::Resumed => &[Occasion::Resumed],
            Self::RollingBack => &[Occasion::RollingBack],
            Self::Stuck => &[Occasion::Held, Occasion::Waiting],
            Self::Succeeded | Self::Cancelled => &[Occasion::Finished],
            Self::RolledBack | Self::PartlyRolledBack => {
                &[Occasion::RolledBack, Occasion::Finished]
            }
            Self::Failed => &[Occasion::Failed, Occasion::Finished],
        }
    }

    /// Says whether it may wait in a storm.
    pub fn urgency(self) -> Urgency {
        match self {
            Self::NodeDone | Self::Retried | Self::StepFailed | Self::Resumed => Urgency::Ordinary,
            Self::Scheduled
            | Self::VoteAsked
            | Self::VoteReminder
            | Self::VoteEscalated
            | Self::VoteOverdue
            | Self::Started
            | Self::Approval
            | Self::ByHand
            | Self::Unknown
            | Self::Trigger
            | Self::WindowClosed
            | Self::Held
            | Self::RollingBack
            | Self::Stuck
            | Self::Succeeded
            | Self::RolledBack
            | Self::PartlyRolledBack
            | Self::Failed
            | Self::Cancelled => Urgency::Urgent,
        }
    }

    /// Says whether it is good news.
    pub fn mood(self) -> Mood {
        match self {
            Self::NodeDone | Self::Succeeded | Self::Resumed => Mood::Good,
            Self::Scheduled | Self::VoteAsked | Self::Started | Self::WindowClosed => Mood::Plain,
            Self::VoteReminder
            | Self::VoteEscalated
            | Self::VoteOverdue
            | Self::Retried
            | Self::Approval
            | Self::ByHand
            | Self::Trigger
            | Self::Held
            | Self::RolledBack
            | Self::Cancelled => Mood::Warning,
            Self::StepFailed
            | Self::Unknown
            | Self::RollingBack
            | Self::Stuck
            | Self::PartlyRolledBack
            | Self::Failed => Mood::Bad,
        }
    }
}

/// Tells what an event is about; nothing where nobody needs to hear of it, because another event
/// of the same commit or a later one says what follows from it.
pub fn of(plan: &Plan, what: &Happened) -> Option<Subject> {
    match what {
        Happened::Started(_) => Some(Subject::Started),
        Happened::StepStarted { place, .. } => asked(plan, place),
        Happened::UndoStarted { place, .. } => undone_by_hand(plan, place),
        Happened::StepSucceeded { place, .. } => done(plan, place),
        Happened::StepRetried { .. } => Some(Subject::Retried),
        Happened::StepFailed { .. } | Happened::PreflightFailed { .. } => Some(Subject::StepFailed),
        Happened::StepObserved { seen, .. } | Happened::UndoObserved { seen, .. } => {
            (*seen == Seen::Unknown).then_some(Subject::Unknown)
        }
        Happened::TriggerTripped(trip) => match trip.then {
            Reaction::Notify => Some(Subject::Trigger),
            // What they lead to is an event of its own.
            Reaction::Hold | Reaction::RollbackNode | Reaction::RollbackRelease => None,
        },
        Happened::Held { reason, .. } => Some(match reason {
            HoldReason::Window => Subject::WindowClosed,
            HoldReason::Operator
            | HoldReason::Failure
            | HoldReason::Deadline
            | HoldReason::NoData
            | HoldReason::Criterion
            | HoldReason::Judge
            | HoldReason::Trigger => Subject::Held,
        }),
        Happened::Resumed { .. } => Some(Subject::Resumed),
        Happened::RollbackStarted(_) => Some(Subject::RollingBack),
        Happened::UndoStuck { .. } => Some(Subject::Stuck),
        Happened::Finished { outcome, .. } => ended(*outcome),
        Happened::DriverStarted { .. }
        | Happened::PreflightPassed { .. }
        | Happened::StepScheduled { .. }
        | Happened::StepLost { .. }
        | Happened::StepCancelled { .. }
        | Happened::StepSkipped { .. }
        | Happened::BakeSampled { .. }
        | Happened::BakeExtended { .. }
        | Happened::BakeMeasured { .. }
        | Happened::BakeJudged(_)
        | Happened::EvidenceCarried(_)
        | Happened::TriggerCleared { .. }
        | Happened::SilenceSet { .. }
        | Happened::SilenceEnded { .. }
        | Happened::Approved { .. }
        | Happened::AbortRequested { .. }
        | Happened::LeftInPlace { .. }
        | Happened::UndoSucceeded { .. }
        | Happened::UndoSkipped { .. }
        | Happened::UndoFailed { .. }
        | Happened::UndoLost { .. }
        | Happened::UndoRetried { .. }
        | Happened::Resolved { .. }
        | Happened::Steered(_)
        | Happened::CriterionMet { .. }
        | Happened::CriterionUnmet { .. }
        | Happened::ClockJumped { .. }
        | Happened::Note { .. } => None,
    }
}

/// Finds a node of a plan by its id.
pub(crate) fn node<'a>(plan: &'a Plan, place: &Place) -> Option<&'a PlannedNode> {
    plan.nodes.get(plan.node(&place.node)?.at())
}

fn asked(plan: &Plan, place: &Place) -> Option<Subject> {
    let step = plan.steps.get(plan.step(&place.step)?.at())?;
    match manner(plan, step) {
        Manner::Gate(_) => Some(Subject::Approval),
        Manner::Hand => Some(Subject::ByHand),
        Manner::Preflight | Manner::Watch(_) | Manner::Call => None,
    }
}

fn undone_by_hand(plan: &Plan, place: &Place) -> Option<Subject> {
    match node(plan, place)?.run.as_ref()?.undo.as_ref()? {
        UndoTask::Manual(_) => Some(Subject::ByHand),
        UndoTask::Exec(_) | UndoTask::Http(_) => None,
    }
}

fn done(plan: &Plan, place: &Place) -> Option<Subject> {
    let step = plan.steps.get(plan.step(&place.step)?.at())?;
    let is_done = |milestone: &Milestone| milestone.as_str() == "done";
    step.reaches
        .iter()
        .any(is_done)
        .then_some(Subject::NodeDone)
}

fn ended(outcome: Outcome) -> Option<Subject> {
    match outcome {
        Outcome::Succeeded => Some(Subject::Succeeded),
        Outcome::RolledBack => Some(Subject::RolledBack),
        Outcome::PartlyRolledBack => Some(Subject::PartlyRolledBack),
        Outcome::Failed => Some(Subject::Failed),
        Outcome::Cancelled => Some(Subject::Cancelled),
        // Printed where following stops, never journaled.
        Outcome::Held => None,
    }
}
