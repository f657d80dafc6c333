//! A service as the workspace knows it: what people say of it, and what runs did to it.

use std::collections::BTreeMap;

use gantry_engine::{
    drive,
    status::{self, NodeState},
};
use gantry_model::{
    id::{EnvironmentName, RunId, ServiceName, Version},
    journal::RunSummary,
    plan::{Plan, PlannedNode},
    time::Timestamp,
};
use gantry_port::{
    catalogue::{Kept, Quarantined, Service},
    journal::Journal,
};
use serde::Serialize;

use crate::{error::ApiError, follow};

/// How many of the latest runs are read.
const RUNS: usize = 100;
/// How much of a service's history is told.
const TOLD: usize = 20;

/// A service.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceRow {
    /// Its name.
    pub name: ServiceName,
    /// What it is, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// How much depends on it, 1 the most.
    pub tier: Option<u8>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The services that it calls.
    pub needs: Vec<ServiceName>,
    /// What runs where, as the latest run left it.
    pub environments: Vec<Running>,
    /// What runs did to it, the latest first.
    pub history: Vec<Change>,
    /// Versions that must not be brought out.
    pub quarantined: Vec<BadVersion>,
    /// How often people changed the row; nothing where they never did.
    pub row: u64,
}

/// What runs in an environment.
#[derive(Clone, Debug, Serialize)]
pub struct Running {
    /// The environment.
    pub environment: EnvironmentName,
    /// The version.
    pub version: Option<Version>,
    /// When that run last changed.
    pub since: Timestamp,
}

/// What one run did to a service.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The run.
    pub run: RunId,
    /// Where.
    pub environment: EnvironmentName,
    /// The version that it brought, or was to bring.
    pub version: Option<Version>,
    /// How its node ended.
    pub outcome: NodeState,
    /// When the run last changed.
    pub at: Timestamp,
}

/// A version that must not be brought out.
#[derive(Clone, Debug, Serialize)]
pub struct BadVersion {
    /// The version.
    pub version: Version,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl ServiceRow {
    fn new(name: ServiceName) -> Self {
        Self {
            name,
            kind: None,
            tier: None,
            owner: None,
            needs: Vec::new(),
            environments: Vec::new(),
            history: Vec::new(),
            quarantined: Vec::new(),
            row: 0,
        }
    }
}

/// All services by name.
type Rows = BTreeMap<ServiceName, ServiceRow>;

/// Puts together what is known of all services; what people say goes before what plans say.
pub(crate) async fn all(
    journal: &dyn Journal,
    kept: Vec<Kept<Service>>,
    bad: Vec<Quarantined>,
) -> Result<Vec<ServiceRow>, ApiError> {
    let mut rows = Rows::new();
    for summary in journal.list().await?.into_iter().take(RUNS) {
        // A run that this version cannot read tells nothing here, and says why in `show`.
        if let Ok(plan) = follow::stored_plan(journal, &summary.run).await
            && let Ok(states) = states(journal, &summary.run).await
        {
            learn(&mut rows, &summary, &plan, &states);
        }
    }
    for kept in kept {
        let row = row(&mut rows, &kept.row.name);
        row.row = kept.version;
        row.owner = kept.row.owner.or(row.owner.take());
        row.kind = kept.row.kind.or(row.kind.take());
        row.tier = kept.row.tier;
        row.needs = kept.row.needs;
    }
    for bad in bad {
        row(&mut rows, &bad.service).quarantined.push(BadVersion {
            version: bad.version,
            reason: bad.reason,
            by: bad.by,
            at: bad.at,
        });
    }
    Ok(rows.into_values().collect())
}

fn row<'a>(rows: &'a mut Rows, name: &ServiceName) -> &'a mut ServiceRow {
    rows.entry(name.clone())
        .or_insert_with(|| ServiceRow::new(name.clone()))
}

async fn states(
    journal: &dyn Journal,
    run: &RunId,
) -> Result<BTreeMap<String, NodeState>, ApiError> {
    let status = match drive::keep::ended_status(journal, run).await? {
        Some(status) => status,
        None => status::status(&drive::read(journal, run).await?),
    };
    let nodes = status.nodes.into_iter();
    Ok(nodes
        .map(|node| (node.id.to_string(), node.state))
        .collect())
}

/// Takes in what one run did; runs come latest first.
fn learn(rows: &mut Rows, run: &RunSummary, plan: &Plan, states: &BTreeMap<String, NodeState>) {
    for node in &plan.nodes {
        let needs = node
            .needs
            .iter()
            .filter_map(|need| plan.nodes.get(need.node.at()));
        let needs: Vec<ServiceName> = needs
            .map(|needed| needed.service.clone())
            .filter(|service| *service != node.service)
            .collect();
        let state = states.get(node.id.as_str()).copied();
        let row = row(rows, &node.service);
        row.owner = row.owner.take().or_else(|| node.owner.clone());
        row.kind = row.kind.take().or_else(|| kind(node));
        if row.needs.is_empty() {
            row.needs = needs;
            row.needs.sort();
            row.needs.dedup();
        }
        let Some(state) = state else {
            continue;
        };
        runs_now(row, run, (node, state));
        if row.history.len() < TOLD && node.version.is_some() {
            row.history.push(Change {
                run: run.run.clone(),
                environment: run.environment.clone(),
                version: node.version.as_ref().map(|change| change.to.clone()),
                outcome: state,
                at: run.changed_at,
            });
        }
    }
}

fn runs_now(row: &mut ServiceRow, run: &RunSummary, (node, state): (&PlannedNode, NodeState)) {
    let known = row.environments.iter();
    if known
        .clone()
        .any(|known| known.environment == run.environment)
    {
        return;
    }
    let Some(change) = &node.version else {
        return;
    };
    let version = match state {
        NodeState::Done => Some(change.to.clone()),
        NodeState::RolledBack => change.from.clone(),
        // Nothing was changed, or nobody can say what runs.
        NodeState::Waiting
        | NodeState::Running
        | NodeState::WaitsForPerson
        | NodeState::Failed
        | NodeState::RollingBack
        | NodeState::Stuck
        | NodeState::LeftChanged
        | NodeState::NotRun => return,
    };
    row.environments.push(Running {
        environment: run.environment.clone(),
        version,
        since: run.changed_at,
    });
}

fn kind(node: &PlannedNode) -> Option<String> {
    let word = serde_json::to_value(node.kind).ok()?;
    word.as_str().map(str::to_owned)
}
