//! Looking whether everything is there, and what runs now; changes nothing.

use gantry_model::{operation::Evidence, platform::Baseline, release::node::Kind};
use gantry_port::fault::{Fault, FaultKind};

use crate::{deployment::Deployment, flag, run, scene::Scene};

mod baseline;
mod capability;

/// Checks connections, capabilities, images, backends and programs, and takes the baseline.
pub(crate) async fn perform(scene: &Scene<'_>) -> Result<Evidence, Fault> {
    let baseline = match scene.node.kind {
        Kind::App | Kind::Config => of_deployment(scene).await?,
        Kind::Flag => of_flag(scene).await?,
        Kind::Database => of_database(scene).await?,
        Kind::Task => of_task(scene).await?,
    };
    Ok(Evidence {
        summary: sentence(scene, &baseline),
        facts: facts(&baseline),
        baseline: Some(baseline),
    })
}

async fn of_deployment(scene: &Scene<'_>) -> Result<Baseline, Fault> {
    let nothing = Baseline::default();
    let deployment = Deployment::with_baseline(scene, &nothing)?;
    capability::check(&deployment)?;
    let pinned = deployment
        .platform
        .pin(&deployment.template(deployment.new))
        .await?;
    let mut taken = baseline::take(&deployment).await?;
    baseline::check_version(scene, &taken)?;
    taken.pinned = Some(pinned);
    Ok(taken)
}

async fn of_flag(scene: &Scene<'_>) -> Result<Baseline, Fault> {
    let state = scene.flags()?.observe(flag::flag(scene)?).await?;
    Ok(Baseline {
        flag: state,
        ..Baseline::default()
    })
}

async fn of_database(scene: &Scene<'_>) -> Result<Baseline, Fault> {
    let schema = scene.database()?.applied(scene.node).await?;
    Ok(Baseline {
        schema,
        ..Baseline::default()
    })
}

async fn of_task(scene: &Scene<'_>) -> Result<Baseline, Fault> {
    if let Some(argv) = run::forward_program(scene)? {
        if argv.is_empty() {
            let message = format!("`{}` names no program", scene.node.id);
            return Err(Fault::new(FaultKind::Unsupported, message));
        }
        scene.ports.task.ready(&run::program(scene, argv)?).await?;
    }
    Ok(Baseline::default())
}

fn sentence(scene: &Scene<'_>, baseline: &Baseline) -> String {
    let service = &scene.node.service;
    match scene.node.kind {
        Kind::App | Kind::Config => match &baseline.version {
            Some(version) => format!("{service} {version} serves"),
            None => format!("nothing of {service} runs yet"),
        },
        Kind::Flag => format!("the flag is {}", flag::words(baseline.flag)),
        Kind::Database => match baseline.schema.as_slice() {
            [] => "no phase of the change was applied yet".into(),
            phases => format!("applied before: {}", phases.join(", ")),
        },
        Kind::Task => "everything the task needs is there".into(),
    }
}

fn facts(baseline: &Baseline) -> std::collections::BTreeMap<String, serde_json::Value> {
    let mut facts = std::collections::BTreeMap::new();
    if let Some(version) = &baseline.version {
        facts.insert("version".into(), version.as_str().into());
    }
    if let Some(digest) = &baseline.pinned {
        facts.insert("digest".into(), digest.as_str().into());
    }
    facts
}
