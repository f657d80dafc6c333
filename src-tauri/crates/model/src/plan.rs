//! What a release means: an immutable, hashed plan that leaves no choice to run time.
//!
//! Nodes and steps are kept in dense arrays and refer to each other by index, so that a plan of
//! 100,000 nodes stays small and quick; [`NodeIndex`] and [`StepIndex`] are only made by the planner.

mod action;

pub use action::Nature;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    digest::Digest,
    id::{
        ConnectionName, EnvironmentName, GateName, Milestone, NodeId, ReleaseId, ServiceName,
        StepId, Version,
    },
    release::{
        OnFailure, Policy, Retry, Window,
        check::{Criterion, Health, Judge, Reaction, Silence, Trigger},
        connection::Connection,
        metric::Metric,
        node::{Flag, Kind, Route, VersionChange, Workload},
        stakeholder::{Notify, Stakeholder},
        strategy::{OnRollback, Strategy, StrategyName},
        task::Task,
    },
    unit::{Span, Weight},
};

/// The place of a node in [`Plan::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NodeIndex(pub u32);

/// The place of a step in [`Plan::steps`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepIndex(pub u32);

impl NodeIndex {
    /// Gives the place as a slice index.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

impl StepIndex {
    /// Gives the place as a slice index.
    pub const fn at(self) -> usize {
        self.0 as usize
    }
}

/// A release, ordered, compiled to steps and hashed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Which release.
    pub release: ReleaseId,
    /// Its title, for people.
    pub title: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it goes.
    pub environment: EnvironmentName,
    /// The hash of what will be done: nodes, steps, undo, needs, gates, policy, versions and the
    /// files referred to; not estimates, assessment, findings, observations or wording.
    pub digest: Digest,
    /// What happens on failure, how much at once, who must approve.
    pub policy: Policy,
    /// When forward steps may run.
    pub window: Option<Window>,
    /// Where things are.
    pub connections: BTreeMap<ConnectionName, Connection>,
    /// Metrics by name.
    pub metrics: BTreeMap<crate::id::MetricName, Metric>,
    /// The folder that relative paths and programs start from; not part of the hash.
    pub folder: String,
    /// Files that the plan refers to, with their hashes.
    pub files: BTreeMap<String, Digest>,
    /// The nodes, sorted by id.
    pub nodes: Vec<PlannedNode>,
    /// The steps, node by node, each node's in the order in which they are made.
    pub steps: Vec<Step>,
    /// A topological order; ties go to the longest remaining path, then to the name.
    pub order: Vec<NodeIndex>,
    /// The earliest levels.
    pub waves: Vec<Vec<NodeIndex>>,
    /// The chain of nodes that takes longest.
    pub critical_path: CriticalPath,
    /// The first step that cannot be undone, if there is one.
    pub point_of_no_return: Option<PointOfNoReturn>,
    /// Triggers of the whole release and of nodes.
    pub triggers: Vec<PlannedTrigger>,
    /// What is silenced while it is under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<Silence>,
    /// Every pair of versions that can meet and was checked.
    pub skew: Vec<SkewPair>,
    /// Criteria after the last soak.
    pub success: Vec<Criterion>,
    /// Who is told what.
    pub stakeholders: Vec<Stakeholder>,
    /// How often they are told at most, and when they are reminded.
    #[serde(default, skip_serializing_if = "Notify::is_default")]
    pub notify: Notify,
    /// What somebody should know before the start.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Finds a node by id.
    pub fn node(&self, id: &NodeId) -> Option<NodeIndex> {
        let place = self.nodes.binary_search_by(|node| node.id.cmp(id)).ok()?;
        u32::try_from(place).ok().map(NodeIndex)
    }

    /// Finds a step by id.
    pub fn step(&self, id: &StepId) -> Option<StepIndex> {
        let (node, _) = id.as_str().split_once('/')?;
        let node = self.nodes.get(self.node(&node.parse().ok()?)?.at())?;
        node.steps().find(|index| {
            self.steps
                .get(index.at())
                .is_some_and(|step| step.id == *id)
        })
    }
}

/// One node with everything that running and undoing it needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedNode {
    /// Its id.
    pub id: NodeId,
    /// What it changes.
    pub kind: Kind,
    /// The service it belongs to.
    pub service: ServiceName,
    /// The strategy that was declared or recommended.
    pub strategy: StrategyName,
    /// The strategy's settings; `None` for a task.
    pub settings: Option<Strategy>,
    /// Its earliest level.
    pub wave: u32,
    /// What must be there first.
    pub needs: Vec<PlannedNeed>,
    /// The old and the new version.
    pub version: Option<VersionChange>,
    /// The connection of a database or flag node.
    pub connection: Option<ConnectionName>,
    /// What runs.
    pub workload: Option<Workload>,
    /// Who sends it traffic.
    pub router: Option<Route>,
    /// Which flag.
    pub flag: Option<Flag>,
    /// What is run.
    pub run: Option<Task>,
    /// How health is looked at, defaults filled in; `None` takes the platform's own word.
    pub health: Option<Health>,
    /// How a bake is judged, defaults filled in.
    pub judge: Option<Judge>,
    /// What a failure of it does, defaults filled in.
    pub on_failure: OnFailure,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whether the planner was told that nothing of this service runs yet.
    pub first_deployment: bool,
    /// What a rollback does with an expansion, for database nodes.
    pub on_rollback: OnRollback,
    /// How long it takes; counts only declared bakes and soaks if nobody estimated it.
    pub estimate: Span,
    /// Whether somebody estimated it.
    pub estimate_known: bool,
    /// How much later it may be without the release being later.
    pub slack: Span,
    /// Until when it can be undone.
    pub reversibility: Reversibility,
    /// The four questions, answered from facts.
    pub assessment: Assessment,
    /// Its first step.
    pub first_step: StepIndex,
    /// How many steps it has.
    pub step_count: u32,
}

impl PlannedNode {
    /// Walks the node's steps in order.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = StepIndex> + ExactSizeIterator + use<> {
        let first = self.first_step.0 as usize;
        // A usize range, because a u32 range is not an exact-size iterator over more than u16.
        (first..first + self.step_count as usize).map(|at| StepIndex(at as u32))
    }
}

/// An edge of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedNeed {
    /// The node that is needed.
    pub node: NodeIndex,
    /// The point of its life.
    pub milestone: Milestone,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its id: `node/name`.
    pub id: StepId,
    /// The node it belongs to.
    pub node: NodeIndex,
    /// What is done.
    pub action: Action,
    /// The steps that must have succeeded first; exact, this is what runs.
    pub needs: Vec<StepIndex>,
    /// How it is undone.
    pub undo: Undo,
    /// How long it may take.
    pub timeout: Span,
    /// How a definite failure is repeated; lost replies have their own rule.
    pub retry: Retry,
    /// How long it usually takes, where somebody knows.
    pub estimate: Option<Span>,
    /// Whether it may be cancelled half-way.
    pub cancel: bool,
    /// Whether repeating it with the same key does no harm.
    pub idempotent: bool,
    /// The milestones that the node has reached when this step has succeeded.
    pub reaches: Vec<Milestone>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    /// Looks whether everything is there, pins digests, and reports what runs now; changes nothing.
    Preflight,
    /// Starts the new version without traffic.
    Stage {
        /// How many instances.
        replicas: u32,
    },
    /// Starts a fresh old version to compare the canary with.
    StageBaseline {
        /// How many instances.
        replicas: u32,
    },
    /// Runs the preview check against the new version.
    Preview,
    /// Gives the new version a share of the traffic.
    Shift {
        /// The share.
        weight: Weight,
    },
    /// Watches the new version while it serves.
    Bake {
        /// The share it has.
        weight: Weight,
        /// For how long.
        duration: Span,
    },
    /// Replaces one batch of old instances.
    Batch {
        /// Which batch, from 1.
        number: u32,
        /// How many new instances there are after it.
        replicas: u32,
    },
    /// Stops the old version.
    StopOld,
    /// Starts the new version, with traffic.
    StartNew {
        /// How many instances.
        replicas: u32,
    },
    /// Looks at health until it is good enough often enough.
    Verify,
    /// Watches on after the verification.
    Soak {
        /// For how long.
        duration: Span,
    },
    /// Takes the old version away.
    Retire {
        /// How long it stays after the node and its dependents are done.
        keep: Span,
    },
    /// Runs the task.
    Run,
    /// Sets the flag's share.
    SetFlag {
        /// The share.
        weight: Weight,
    },
    /// Adds to the schema.
    Expand,
    /// Fills the new shape.
    Backfill,
    /// Proves that the new shape is whole.
    VerifyData,
    /// Writes to old and new.
    DualWrite,
    /// Compares old and new over a window.
    Compare {
        /// Over which time.
        window: Span,
    },
    /// Reads from the new shape.
    ReadNew,
    /// Waits for people.
    Approve {
        /// The gate.
        gate: GateName,
        /// How many distinct people.
        count: u32,
    },
    /// Takes the old shape away: the point of no return.
    Contract,
}

impl Action {
    /// Gives the word that stands in JSON and on screen.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Stage { .. } => "stage",
            Self::StageBaseline { .. } => "stage-baseline",
            Self::Preview => "preview",
            Self::Shift { .. } => "shift",
            Self::Bake { .. } => "bake",
            Self::Batch { .. } => "batch",
            Self::StopOld => "stop-old",
            Self::StartNew { .. } => "start-new",
            Self::Verify => "verify",
            Self::Soak { .. } => "soak",
            Self::Retire { .. } => "retire",
            Self::Run => "run",
            Self::SetFlag { .. } => "set-flag",
            Self::Expand => "expand",
            Self::Backfill => "backfill",
            Self::VerifyData => "verify-data",
            Self::DualWrite => "dual-write",
            Self::Compare { .. } => "compare",
            Self::ReadNew => "read-new",
            Self::Approve { .. } => "approve",
            Self::Contract => "contract",
        }
    }
}

/// How a step is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Undo {
    /// Nothing to undo: it only looked or waited.
    None,
    /// What was observed before is put back.
    Restore,
    /// Its own inverse is run.
    Inverse,
    /// It stays; the old version can live beside it.
    Leave,
    /// It cannot be undone.
    Never,
}

/// Until when a node can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "class", rename_all = "kebab-case")]
pub enum Reversibility {
    /// Always, equally fast.
    Reversible,
    /// Always, slower once the step has run.
    SlowerAfter {
        /// The step.
        step: StepId,
    },
    /// Only before the step.
    Until {
        /// The step.
        step: StepId,
    },
    /// Not at all.
    Never,
}

/// The chain of nodes that takes longest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriticalPath {
    /// The nodes, first to last.
    pub nodes: Vec<NodeIndex>,
    /// How long it takes.
    pub estimate: Span,
    /// Whether some node of the release has no estimate, so that it takes at least this long.
    pub at_least: bool,
}

/// The first step that cannot be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointOfNoReturn {
    /// The step.
    pub step: StepIndex,
    /// The gate before it.
    pub approval: GateName,
}

/// A trigger with the place it was declared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedTrigger {
    /// The node; the whole release where there is none.
    pub node: Option<NodeIndex>,
    /// What trips it.
    pub trigger: Trigger,
    /// What happens then.
    pub then: Reaction,
    /// Where its metric is asked for; what the metric itself says goes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ConnectionName>,
    /// The version of the service that it watches, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
}

/// Two versions that can serve at the same time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SkewPair {
    /// The node that declared what it can live beside.
    pub consumer: String,
    /// The service or node that it meets.
    pub provider: String,
    /// The consumer's version and the provider's version or milestone.
    pub pair: (String, String),
    /// When they meet, in words.
    pub when: String,
    /// Whether that was declared to be fine.
    pub ok: bool,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The release cannot start.
    Error,
    /// Somebody should look.
    Warning,
    /// Good to know.
    Note,
}

/// Something somebody should know before the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code, for example `skew-unsafe`.
    pub code: String,
    /// The node it is about.
    pub node: Option<NodeId>,
    /// Where in the release it stands, as a JSON pointer, for example `/nodes/web/needs/0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What was found.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// The four questions, answered from facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// What is deployed.
    pub what: String,
    /// How risky it is.
    pub risk: Level,
    /// The same as a number from 0 to 100.
    pub score: u8,
    /// What stands before and behind it.
    pub dependencies: String,
    /// How hard it is to undo.
    pub rollback_complexity: Level,
    /// The strategy that fits best.
    pub recommended: StrategyName,
    /// What else would fit, with the reason.
    pub alternatives: Vec<String>,
    /// Why, fact by fact.
    pub reasons: Vec<String>,
}

/// Low, medium or high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}
