//! What a strategy means, step by step.

mod database;
pub(crate) mod limit;
mod serving;
mod undo;

use gantry_model::{
    id::{GateName, Milestone, NodeId},
    plan::{Action, Undo},
    release::{
        Policy,
        strategy::{Progressive, Strategy},
    },
    unit::{Span, Weight},
};

use crate::settled::Settled;

/// A step of one node before it has a place in the plan.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) action: Action,
    pub(crate) undo: Undo,
    pub(crate) reaches: Vec<Milestone>,
    pub(crate) waits: Waits,
}

/// What a step waits for beside the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Waits {
    /// Nothing.
    Nothing,
    /// The node's dependents, to be done.
    Dependents,
    /// The node's dependents and these nodes, to be done.
    DependentsAnd(Vec<NodeId>),
}

/// More instances than this are a slip of the pen; the schema says so too.
pub(crate) const MOST_REPLICAS: u32 = 1000;

/// A ramp has a hundred steps at most.
pub(crate) const FINEST_RAMP: u16 = 100;

/// The steps of one node, in the order in which they are made.
#[derive(Debug, Default)]
pub(crate) struct Chain {
    steps: Vec<Draft>,
}

/// Compiles a node into its steps.
pub(crate) fn compile(settled: &Settled<'_>, policy: &Policy) -> Vec<Draft> {
    let mut chain = Chain::default();
    chain.push("preflight", Action::Preflight);
    match &settled.strategy {
        None => chain.push("run", Action::Run),
        Some(Strategy::Recreate(_)) => serving::recreate(&mut chain, settled),
        Some(Strategy::Rolling(rolling)) => serving::rolling(&mut chain, settled, rolling),
        Some(Strategy::BlueGreen(settings)) => serving::blue_green(&mut chain, settled, settings),
        Some(Strategy::Canary(canary)) => serving::canary(&mut chain, settled, canary),
        Some(Strategy::Progressive(progressive)) => flag(&mut chain, settled, progressive),
        Some(Strategy::ExpandContract(settings)) => {
            database::expand_contract(&mut chain, settled, settings, policy);
        }
        Some(Strategy::ShadowWrites(settings)) => {
            database::shadow_writes(&mut chain, settled, settings, policy);
        }
    }
    let mut steps = chain.finish();
    for step in &mut steps {
        step.undo = undo::of(settled, &step.action);
    }
    steps
}

impl Chain {
    fn push(&mut self, name: impl Into<String>, action: Action) {
        self.steps.push(Draft {
            name: name.into(),
            action,
            undo: Undo::None,
            reaches: Vec::new(),
            waits: Waits::Nothing,
        });
    }

    fn push_waiting(&mut self, name: &str, action: Action, waits: Waits) {
        self.push(name, action);
        if let Some(last) = self.steps.last_mut() {
            last.waits = waits;
        }
    }

    /// Says that the last step reaches a milestone; every word of ours is one.
    fn reach(&mut self, milestone: &str) {
        if let (Some(last), Ok(milestone)) = (self.steps.last_mut(), milestone.parse()) {
            last.reaches.push(milestone);
        }
    }

    /// Watches a share for a while; no time, no step.
    fn bake(&mut self, weight: Weight, duration: Span) {
        if duration > Span::ZERO {
            let name = format!("bake-{}", weight.basis_points());
            self.push(name, Action::Bake { weight, duration });
        }
    }

    /// Watches on; no time, no step.
    fn soak(&mut self, duration: Option<Span>) {
        if let Some(duration) = duration.filter(|duration| *duration > Span::ZERO) {
            self.push("soak", Action::Soak { duration });
        }
    }

    /// Waits for people at a gate.
    fn approve(&mut self, gate: &GateName, policy: &Policy) {
        let count = policy.approvals.gates.get(gate).copied().unwrap_or(1);
        let gate = gate.clone();
        self.push("approve", Action::Approve { gate, count });
    }

    /// Makes sure that some step reaches `done`: the last one where none does yet.
    fn finish(mut self) -> Vec<Draft> {
        let done = Milestone::done();
        if !self.steps.iter().any(|step| step.reaches.contains(&done)) {
            self.reach(done.as_str());
        }
        self.steps
    }
}

fn flag(chain: &mut Chain, settled: &Settled<'_>, progressive: &Progressive) {
    for weight in flag_shares(progressive) {
        let name = format!("set-{}", weight.basis_points());
        chain.push(name, Action::SetFlag { weight });
        chain.reach(&weight.to_string());
        chain.bake(weight, progressive.bake);
    }
    chain.soak(settled.node.soak);
}

/// Gives the shares of a progressive flag.
pub(crate) fn flag_shares(progressive: &Progressive) -> Vec<Weight> {
    match progressive.steps.is_empty() {
        true => shares(&[100, 1000, 5000, 10_000]),
        false => progressive.steps.clone(),
    }
}

fn shares(basis_points: &[u16]) -> Vec<Weight> {
    let weights = basis_points.iter().copied();
    weights.filter_map(Weight::from_basis_points).collect()
}
