//! One look during a bake or soak.

use gantry_model::{
    operation::{Sample, SampleHealth},
    plan::Action,
    release::node::Kind,
    unit::Weight,
};
use gantry_port::fault::Fault;

use crate::{flag, run, scene::Scene};

mod looks;
mod serving;

pub(crate) use looks::Looks;

/// Looks once. What cannot be seen is said to be unseen, never taken to be well.
pub(crate) async fn sample(scene: &Scene<'_>, looks: &Looks) -> Sample {
    let seen = match scene.node.kind {
        Kind::App | Kind::Config => serving::sample(scene, looks).await,
        Kind::Flag => of_flag(scene).await,
        Kind::Database => of_database(scene).await,
        Kind::Task => of_task(scene).await,
    };
    seen.unwrap_or_else(|fault| sentence(SampleHealth::NoData, fault.message))
}

/// A flag is well while it has the share that it was given last.
async fn of_flag(scene: &Scene<'_>) -> Result<Sample, Fault> {
    let given = scene
        .steps_so_far()
        .rev()
        .find_map(|step| match step.action {
            Action::SetFlag { weight } => Some(weight),
            _ => None,
        });
    let wanted = flag::on(given.unwrap_or(Weight::ZERO));
    let is = scene.flags()?.observe(flag::flag(scene)?).await?;
    if is == Some(wanted) {
        let words = format!("the flag is {}", flag::words(is));
        return Ok(sentence(SampleHealth::Healthy, words));
    }
    let words = format!(
        "the flag is {}, not {}",
        flag::words(is),
        flag::words(Some(wanted))
    );
    Ok(sentence(SampleHealth::Unhealthy, words))
}

/// A schema change is well while the database keeps record of every phase so far.
async fn of_database(scene: &Scene<'_>) -> Result<Sample, Fault> {
    let applied = scene.database()?.applied(scene.node).await?;
    let recorded = |action: &Action| match action {
        Action::Expand | Action::Backfill | Action::DualWrite | Action::ReadNew => {
            applied.iter().any(|phase| phase == action.word())
        }
        _ => true,
    };
    match scene.steps_so_far().find(|step| !recorded(&step.action)) {
        None => Ok(sentence(
            SampleHealth::Healthy,
            "the schema is as it was left".into(),
        )),
        Some(step) => {
            let words = format!(
                "the database has no record of `{}` any more",
                step.action.word()
            );
            Ok(sentence(SampleHealth::Unhealthy, words))
        }
    }
}

/// A task that has ended well stays well; there is nothing further to look at.
async fn of_task(scene: &Scene<'_>) -> Result<Sample, Fault> {
    let program = run::forward_program(scene)?;
    let what = if program.is_some() { "program" } else { "call" };
    Ok(sentence(
        SampleHealth::Healthy,
        format!("the {what} has ended well"),
    ))
}

fn sentence(health: SampleHealth, summary: String) -> Sample {
    Sample {
        health,
        summary,
        facts: Default::default(),
    }
}
