//! What runs now, asked of the platforms before a plan is made.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use gantry_model::{
    id::{NodeId, RunId},
    operation::{Evidence, Operation, Work},
    plan::{Action, Plan, StepIndex},
    platform::Baseline,
};
use gantry_performer::Performer;
use gantry_port::{fault::Fault, platform::Platform};

use crate::{app::App, error::ApiError};

/// How long the platforms have to answer together.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

/// Asks for the baseline of every node by its preflight, which changes nothing.
///
/// # Errors
/// `unreachable` with the first platform that does not answer.
pub async fn running(app: &App, plan: &Plan) -> Result<BTreeMap<NodeId, Baseline>, ApiError> {
    let mut running = BTreeMap::new();
    for (node, answer) in ask(app, plan).await? {
        if let Some(baseline) = answer?.baseline {
            running.insert(node, baseline);
        }
    }
    Ok(running)
}

/// Asks the same, and leaves out the nodes whose platforms do not answer.
pub async fn reachable(app: &App, plan: &Plan) -> BTreeMap<NodeId, Baseline> {
    let answers = ask(app, plan).await.unwrap_or_default();
    answers
        .into_iter()
        .filter_map(|(node, answer)| Some((node, answer.ok()?.baseline?)))
        .collect()
}

type Answers = Vec<(NodeId, Result<Evidence, Fault>)>;

async fn ask(app: &App, plan: &Plan) -> Result<Answers, ApiError> {
    let ports = app.connector.connect(plan).await?;
    let performer = Performer::new(ports, Arc::clone(&app.clock));
    let plan = Arc::new(plan.clone());
    let deadline = app.clock.now() + PATIENCE;
    let operations = plan
        .nodes
        .iter()
        .filter(|node| node.workload.is_some())
        .filter_map(|node| {
            let step = node.steps().find(|step| is_preflight(&plan, *step))?;
            let operation = Operation {
                run: RunId::new(plan.release.clone(), 1),
                epoch: 0,
                plan: Arc::clone(&plan),
                work: Work::Do(step),
                round: 1,
                baseline: None,
                deadline,
            };
            Some((node.id.clone(), operation))
        });
    let asked = operations.map(|(node, operation)| {
        let performer = &performer;
        async move {
            let answer = performer.perform(&operation).await;
            (node, answer)
        }
    });
    Ok(futures_util::future::join_all(asked).await)
}

fn is_preflight(plan: &Plan, step: StepIndex) -> bool {
    plan.steps
        .get(step.at())
        .is_some_and(|step| step.action == Action::Preflight)
}
