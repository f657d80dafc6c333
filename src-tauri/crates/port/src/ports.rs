//! What every changing call carries, and the set of ports that a plan's connections give.

use std::{collections::BTreeMap, sync::Arc};

use gantry_model::{
    id::{ConnectionName, ReleaseId, RunId, StepId},
    operation::{Direction, Key},
    time::Timestamp,
};

use crate::{
    alerts::Alerts, database::Database, flag::Flags, inquiry::Inquiry, metrics::Metrics,
    probe::Probe, router::Router, task::Task, workload::Workload,
};

/// Who calls, for which step, under which key, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The idempotency key.
    pub key: Key,
    /// The driver's epoch.
    pub epoch: u64,
    /// The run.
    pub run: RunId,
    /// The step or undo action.
    pub step: StepId,
    /// The direction.
    pub direction: Direction,
    /// When the call must be over.
    pub deadline: Timestamp,
}

impl Call {
    /// Gives the release that the call belongs to.
    pub fn release(&self) -> &ReleaseId {
        self.run.release()
    }
}

/// The ports behind a plan's connections, and those that need no connection.
#[derive(Clone)]
pub struct Ports {
    /// Workload platforms by connection.
    pub workloads: BTreeMap<ConnectionName, Arc<dyn Workload>>,
    /// Routers by connection.
    pub routers: BTreeMap<ConnectionName, Arc<dyn Router>>,
    /// Flag services by connection.
    pub flags: BTreeMap<ConnectionName, Arc<dyn Flags>>,
    /// Databases by connection.
    pub databases: BTreeMap<ConnectionName, Arc<dyn Database>>,
    /// Metric sources by connection.
    pub metrics: BTreeMap<ConnectionName, Arc<dyn Metrics>>,
    /// Alert sources by connection.
    pub alerts: BTreeMap<ConnectionName, Arc<dyn Alerts>>,
    /// What items of checklists ask, by connection.
    pub inquiries: BTreeMap<ConnectionName, Arc<dyn Inquiry>>,
    /// Programs and HTTP calls.
    pub task: Arc<dyn Task>,
    /// Health.
    pub probe: Arc<dyn Probe>,
}
