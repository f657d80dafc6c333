//! Words that several parts of a document share.

use gantry_model::{
    plan::{Action, Plan, Step, Undo},
    release::node::Kind,
};

/// Says what a step does.
pub(crate) fn action(step: &Step) -> String {
    match &step.action {
        Action::Preflight => "look whether everything is there".to_owned(),
        Action::Stage { replicas } => {
            format!("start the new version, {replicas}×, without traffic")
        }
        Action::StageBaseline { replicas } => {
            format!("start a fresh old version, {replicas}×, to compare with")
        }
        Action::Preview => "look at the new version before it gets traffic".to_owned(),
        Action::Shift { weight } => format!("send {weight} of the traffic to the new version"),
        Action::Bake { weight, duration } => format!("watch at {weight} for {duration}"),
        Action::Batch { number, replicas } => {
            format!("replace batch {number}; {replicas}× new after it")
        }
        Action::StopOld => "stop the old version (outage begins)".to_owned(),
        Action::StartNew { replicas } => {
            format!("start the new version, {replicas}× (outage ends)")
        }
        Action::Verify => "verify health".to_owned(),
        Action::Soak { duration } => format!("watch on for {duration}"),
        Action::Retire { keep } => match keep.as_millis() {
            0 => "take the old version away".to_owned(),
            _ => format!("take the old version away after {keep}"),
        },
        Action::Run => "run the task".to_owned(),
        Action::SetFlag { weight } => format!("set the flag to {weight}"),
        Action::Expand => "add to the schema".to_owned(),
        Action::Backfill => "fill the new shape".to_owned(),
        Action::VerifyData => "prove that the new shape is whole".to_owned(),
        Action::DualWrite => "write to old and new".to_owned(),
        Action::Compare { window } => format!("compare old and new over {window}"),
        Action::ReadNew => "read from the new shape".to_owned(),
        Action::Approve { gate, count } => match count {
            1 => format!("wait for approval ({gate})"),
            count => format!("wait for {count} approvals ({gate})"),
        },
        Action::Contract => "take the old shape away (point of no return)".to_owned(),
    }
}

/// Says how a step is undone.
pub(crate) fn undo(undo: Undo) -> &'static str {
    match undo {
        Undo::None => "nothing to undo",
        Undo::Restore => "restored to what was observed",
        Undo::Inverse => "its own undo is run",
        Undo::Leave => "stays, compatible",
        Undo::Never => "cannot be undone",
    }
}

/// Says who answers for a step: the node's owner, else the release's.
pub(crate) fn owner(plan: &Plan, step: &Step) -> String {
    let node = plan.nodes.get(step.node.at());
    let by_hand = node.and_then(|node| node.run.as_ref()?.owner.clone());
    by_hand
        .or_else(|| node.and_then(|node| node.owner.clone()))
        .or_else(|| plan.owner.clone())
        .unwrap_or_else(|| "nobody named".to_owned())
}

/// Names a kind of node as people do.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::App => "application",
        Kind::Config => "configuration",
        Kind::Database => "database",
        Kind::Flag => "feature flag",
        Kind::Task => "task",
    }
}
