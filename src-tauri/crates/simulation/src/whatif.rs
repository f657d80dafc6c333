//! `--fail` and `--slow` of a rehearsal, as words and as faults.

use std::str::FromStr;

use gantry_model::{
    id::NodeId,
    operation::Direction,
    plan::{Action, Plan, PlannedNode},
    release::node::Kind,
    unit::Weight,
};

use crate::fault::{Access, FaultMode, FaultRule, PortKind};

/// A what-if that cannot be read, or that fits nothing in the plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWhatIf {
    /// The text of `--fail` has another shape.
    #[error("`{0}` does not say what fails: expected `NODE`, `NODE:STEP` or `NODE@25%`")]
    Fail(String),
    /// The text of `--slow` has another shape.
    #[error("`{0}` does not say what is slow: expected `NODE=×3`")]
    Slow(String),
    /// There is no such node.
    #[error("the plan has no node `{0}`")]
    NoSuchNode(NodeId),
    /// The node has no such step.
    #[error("node `{node}` has no step `{step}`: it has {steps}")]
    NoSuchStep {
        /// The node.
        node: NodeId,
        /// What was asked for.
        step: String,
        /// What there is.
        steps: String,
    },
}

/// What shall fail: `NODE[:STEP][@WEIGHT]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fail {
    /// The node.
    pub node: NodeId,
    /// The step, by its name or its action; what fits the node where nothing is said.
    pub step: Option<String>,
    /// The share of the traffic from which the new version is bad.
    pub from: Option<Weight>,
}

impl FromStr for Fail {
    type Err = InvalidWhatIf;

    fn from_str(text: &str) -> Result<Self, InvalidWhatIf> {
        let invalid = || InvalidWhatIf::Fail(text.into());
        let (place, from) = match text.split_once('@') {
            Some((place, weight)) => (place, Some(weight.parse().map_err(|_| invalid())?)),
            None => (text, None),
        };
        let (node, step) = match place.split_once(':') {
            Some((_, "")) => return Err(invalid()),
            Some((node, step)) => (node, Some(step.to_owned())),
            None => (place, None),
        };
        let node = node.parse().map_err(|_| invalid())?;
        Ok(Self { node, step, from })
    }
}

impl Fail {
    /// Turns it into fault rules for a plan.
    ///
    /// # Errors
    /// If the plan has no such node, or the node no such step.
    pub fn rules(&self, plan: &Plan) -> Result<Vec<FaultRule>, InvalidWhatIf> {
        let missing = || InvalidWhatIf::NoSuchNode(self.node.clone());
        let index = plan.node(&self.node).ok_or_else(missing)?;
        let node = plan.nodes.get(index.at()).ok_or_else(missing)?;
        if let Some(from) = self.from {
            return Ok(vec![self.rule(FaultMode::TurnsBad { from })]);
        }
        match &self.step {
            Some(step) => self.rules_for_step(plan, node, step),
            None => Ok(vec![self.rule_for_node(node)]),
        }
    }

    /// What a failing node is where nothing more is said: what its kind does when it is no good.
    fn rule_for_node(&self, node: &PlannedNode) -> FaultRule {
        match node.kind {
            Kind::App | Kind::Config => self.rule(FaultMode::TurnsBad { from: Weight::ZERO }),
            Kind::Task => self
                .rule(FaultMode::ExitStatus { status: 1 })
                .going(Direction::Do),
            Kind::Database | Kind::Flag => self
                .rule(FaultMode::Rejected)
                .meeting(Access::Change)
                .going(Direction::Do),
        }
    }

    fn rules_for_step(
        &self,
        plan: &Plan,
        node: &PlannedNode,
        wanted: &str,
    ) -> Result<Vec<FaultRule>, InvalidWhatIf> {
        let steps = || node.steps().filter_map(|index| plan.steps.get(index.at()));
        let fitting =
            steps().filter(|step| step.id.name() == wanted || step.action.word() == wanted);
        let rules: Vec<FaultRule> = fitting
            .map(|step| self.rule_for_step(step.id.name(), &step.action))
            .collect();
        if rules.is_empty() {
            let names: Vec<&str> = steps().map(|step| step.id.name()).collect();
            return Err(InvalidWhatIf::NoSuchStep {
                node: self.node.clone(),
                step: wanted.into(),
                steps: names.join(", "),
            });
        }
        Ok(rules)
    }

    fn rule_for_step(&self, name: &str, action: &Action) -> FaultRule {
        match action {
            Action::Preflight => self.rule(FaultMode::Rejected).meeting(Access::Read),
            Action::Bake { weight, .. } => self.rule(FaultMode::TurnsBad { from: *weight }),
            Action::Soak { .. } => self.rule(FaultMode::TurnsBad { from: Weight::FULL }),
            Action::Verify | Action::Preview => {
                self.rule(FaultMode::TurnsBad { from: Weight::ZERO })
            }
            Action::Run => self
                .rule(FaultMode::ExitStatus { status: 1 })
                .going(Direction::Do),
            Action::Stage { .. }
            | Action::StageBaseline { .. }
            | Action::Shift { .. }
            | Action::Batch { .. }
            | Action::StopOld
            | Action::StartNew { .. }
            | Action::Retire { .. }
            | Action::SetFlag { .. }
            | Action::Expand
            | Action::Backfill
            | Action::VerifyData
            | Action::DualWrite
            | Action::Compare { .. }
            | Action::ReadNew
            | Action::Approve { .. }
            | Action::Contract => self
                .rule(FaultMode::Rejected)
                .at_step(name)
                .meeting(Access::Change)
                .going(Direction::Do),
        }
    }

    fn rule(&self, mode: FaultMode) -> FaultRule {
        let rule = FaultRule::on(self.node.clone(), mode);
        match rule.mode {
            FaultMode::ExitStatus { .. } => rule.through(PortKind::Task),
            _ => rule,
        }
    }
}

/// What is slow: `NODE=×3`; `x3` and `3` mean the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Slow {
    /// The node.
    pub node: NodeId,
    /// How many times as long its changes take.
    pub factor: f64,
}

impl FromStr for Slow {
    type Err = InvalidWhatIf;

    fn from_str(text: &str) -> Result<Self, InvalidWhatIf> {
        let invalid = || InvalidWhatIf::Slow(text.into());
        let (node, factor) = text.split_once('=').ok_or_else(invalid)?;
        let factor = factor.trim_start_matches(['×', 'x']);
        let factor: f64 = factor.parse().map_err(|_| invalid())?;
        if !(factor.is_finite() && factor > 0.0) {
            return Err(invalid());
        }
        let node = node.parse().map_err(|_| invalid())?;
        Ok(Self { node, factor })
    }
}
