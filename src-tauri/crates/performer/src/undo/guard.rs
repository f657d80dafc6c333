//! Making sure, before a run that had ended is undone, that nobody has changed things since.
//!
//! Between its end and its rollback a run holds no claims. What is there must then be what it
//! left, or what its own undo has made of that so far: an undo that is repeated after a crash must
//! not take itself for a stranger.

use gantry_model::{
    id::Version,
    plan::Action,
    platform::Instance,
    release::node::Kind,
    rollback::{UndoAction, UndoKind},
};
use gantry_port::fault::{Fault, FaultKind};

use crate::{
    deployment::{Deployment, is_live},
    flag::{flag, is_before, on, words},
    scene::Scene,
};

/// Answers with a conflict if somebody else has changed the node.
pub(crate) async fn check(scene: &Scene<'_>, action: &UndoAction) -> Result<(), Fault> {
    match action.kind {
        UndoKind::RestageOld
        | UndoKind::RestoreTraffic
        | UndoKind::RestoreWorkload
        | UndoKind::VerifyOld
        | UndoKind::RemoveNew => workload(&Deployment::of(scene)?).await,
        UndoKind::RestoreFlag => match scene.node.kind {
            Kind::App | Kind::Config | Kind::Flag | Kind::Task => share(scene, action).await,
            // The database keeps its own record of phases, which the undo reads.
            Kind::Database => Ok(()),
        },
        // What a program has done cannot be seen; its own undo has to be able to tell.
        UndoKind::UndoTask | UndoKind::RevertSchema => Ok(()),
    }
}

async fn workload(deployment: &Deployment<'_>) -> Result<(), Fault> {
    let instances = deployment.instances().await?;
    let stranger = instances
        .iter()
        .filter(|instance| is_live(instance))
        .find(|instance| is_foreign(deployment, instance));
    if let Some(instance) = stranger {
        let by = instance.made_by.as_deref().and_then(run_of);
        return Err(changed(
            deployment,
            by,
            &format!("{} runs", instance.version),
        ));
    }
    let old = deployment.baseline.version.as_ref();
    let gone = !instances.iter().any(|i| i.version == *deployment.new);
    let empty = !instances
        .iter()
        .any(|i| is_live(i) && Some(&i.version) == old);
    match (gone && empty, old) {
        (true, Some(_)) => Err(changed(deployment, None, "nothing runs")),
        (true, None) | (false, _) => Ok(()),
    }
}

/// Whether an instance neither ran before nor was made by this run.
fn is_foreign(deployment: &Deployment<'_>, instance: &Instance) -> bool {
    let before = &deployment.baseline.instances;
    if before.iter().any(|known| known.id == instance.id) {
        return false;
    }
    let own = deployment.scene.call.run.to_string().to_ascii_lowercase();
    match instance.made_by.as_deref().and_then(run_of) {
        Some(run) => run != own,
        // Made by hand: its version alone can tell.
        None => {
            let version: &Version = &instance.version;
            version != deployment.new && deployment.baseline.version.as_ref() != Some(version)
        }
    }
}

/// Gives the run in an idempotency key, in the words that people know it by.
fn run_of(key: &str) -> Option<String> {
    let (run, _) = key.split_once('/')?;
    Some(run.replacen(':', "#", 1))
}

fn changed(deployment: &Deployment<'_>, by: Option<String>, seen: &str) -> Fault {
    let service = &deployment.scene.node.service;
    let by = by.unwrap_or_else(|| "somebody".into());
    let message = format!(
        "{service} was changed since by {by}: {seen}, and this release left {}",
        deployment.new
    );
    Fault::new(FaultKind::Conflict, message)
}

/// A flag must have a share that this release gave it, or be as it was before.
async fn share(scene: &Scene<'_>, action: &UndoAction) -> Result<(), Fault> {
    let flag = flag(scene)?;
    let is = scene.flags()?.observe(flag).await?;
    let plan = &scene.operation.plan;
    let steps = action
        .covers
        .iter()
        .filter_map(|step| plan.steps.get(step.at()));
    let mut ours = steps.filter_map(|step| match step.action {
        Action::SetFlag { weight } => Some(on(weight)),
        _ => None,
    });
    if ours.any(|state| is == Some(state)) || is_before(scene, is)? {
        return Ok(());
    }
    let message = format!(
        "flag `{}` was changed since by somebody: it is {}, which this release never set",
        flag.name,
        words(is)
    );
    Err(Fault::new(FaultKind::Conflict, message))
}
