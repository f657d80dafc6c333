//! Puts the compiled nodes together: indexes, edges between steps, order, and at last the plan.

mod wire;

use std::collections::BTreeSet;

use gantry_model::{
    digest::Digest,
    id::GateName,
    plan::{
        Action, CriticalPath, Finding, NodeIndex, Plan, PlannedNeed, PlannedNode, PointOfNoReturn,
        Step, StepIndex,
    },
    release::{
        Release,
        strategy::{OnRollback, Strategy},
    },
    seal,
    unit::Span,
};

use crate::{
    Observations, assess, declare,
    graph::{Graph, Shape},
    needs::{self, Compiled, Edge},
    remark, reversible,
    settled::Deployment,
    skew, trigger,
};

/// Nodes that fit together, with everything that is known of them before they are weighed.
pub(crate) struct Assembled<'a> {
    pub(crate) release: &'a Release,
    pub(crate) nodes: &'a [Compiled<'a>],
    pub(crate) edges: Vec<Edge>,
    pub(crate) graph: Graph,
    shape: Shape,
    estimates: Vec<Span>,
    pub(crate) steps: Vec<Step>,
    firsts: Vec<u32>,
}

/// Orders the nodes and wires their steps; tells the cycles where there are any.
pub(crate) fn assemble<'a>(
    release: &'a Release,
    nodes: &'a [Compiled<'a>],
    found: &mut Vec<Finding>,
) -> Option<Assembled<'a>> {
    let count = u32::try_from(nodes.len()).ok()?;
    let edges = needs::edges(nodes);
    let mut pairs: Vec<(u32, u32)> = edges.iter().map(|e| (e.node, e.needed)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let graph = Graph::new(count, &pairs).ok()?;
    let estimates: Vec<Span> = nodes.iter().map(estimate).collect();
    let weights: Vec<u64> = estimates.iter().map(|span| span.as_millis()).collect();
    let shape = match graph.shape(&weights) {
        Ok(shape) => shape,
        Err(rings) => {
            needs::tell_rings(nodes, &edges, &rings.0, found);
            return None;
        }
    };
    let wiring = wire::Wiring::new(nodes, &edges, &graph);
    let steps = wiring.steps(release);
    wire::tell_rings(nodes, &steps, found)?;
    let firsts = wiring.firsts;
    Some(Assembled {
        release,
        nodes,
        edges,
        graph,
        shape,
        estimates,
        steps,
        firsts,
    })
}

/// Takes the declared estimate, or else counts the bakes and soaks that the node declares until
/// it is done.
fn estimate(node: &Compiled<'_>) -> Span {
    let until_done = node.drafts.iter().take(node.done() as usize + 1);
    let waits = until_done.map(|draft| match &draft.action {
        Action::Bake { duration, .. } | Action::Soak { duration } => *duration,
        Action::Compare { window } => *window,
        Action::Preflight
        | Action::Stage { .. }
        | Action::StageBaseline { .. }
        | Action::Preview
        | Action::Shift { .. }
        | Action::Batch { .. }
        | Action::StopOld
        | Action::StartNew { .. }
        | Action::Verify
        | Action::Retire { .. }
        | Action::Run
        | Action::SetFlag { .. }
        | Action::Expand
        | Action::Backfill
        | Action::VerifyData
        | Action::DualWrite
        | Action::ReadNew
        | Action::Approve { .. }
        | Action::Contract => Span::ZERO,
    });
    node.settled.node.estimate.unwrap_or_else(|| waits.sum())
}

impl Assembled<'_> {
    /// Weighs everything and seals the plan.
    pub(crate) fn finish(
        self,
        release: &Release,
        observations: &Observations,
        mut found: Vec<Finding>,
    ) -> Plan {
        let skew = skew::pairs(&self, &mut found);
        remark::remarks(&self, &mut found);
        found.sort_by(|a, b| (a.severity, &a.pointer).cmp(&(b.severity, &b.pointer)));
        let nodes = (0..self.graph.count())
            .filter_map(|at| self.planned(at))
            .collect();
        let order = self.shape.order.iter().copied().map(NodeIndex).collect();
        let mut plan = Plan {
            release: release.release.clone(),
            title: release.title.clone(),
            owner: release.owner.clone(),
            environment: release.environment.clone(),
            digest: Digest::zero(),
            policy: release.policy.clone(),
            window: release.window.clone(),
            connections: release.connections.clone(),
            metrics: release.metrics.clone(),
            folder: observations.folder.clone(),
            files: observations.files.clone(),
            nodes,
            order,
            waves: self.waves(),
            critical_path: self.critical_path(),
            point_of_no_return: self.point_of_no_return(),
            triggers: trigger::planned(release, self.nodes),
            silences: release.silences.clone(),
            skew,
            success: declare::success(release),
            stakeholders: release.stakeholders.clone(),
            notify: release.notify.clone(),
            findings: found,
            steps: self.steps,
        };
        plan.digest = seal::digest(&plan);
        plan
    }

    /// Gives the steps of a node.
    pub(crate) fn steps_of(&self, at: u32) -> &[Step] {
        let first = self
            .firsts
            .get(at as usize)
            .map_or(0, |first| *first as usize);
        let count = self
            .nodes
            .get(at as usize)
            .map_or(0, |node| node.drafts.len());
        self.steps.get(first..first + count).unwrap_or_default()
    }

    fn waves(&self) -> Vec<Vec<NodeIndex>> {
        let mut waves = vec![Vec::new(); self.shape.level_count as usize];
        for node in &self.shape.order {
            let level = self.shape.levels.get(*node as usize);
            let wave = level.and_then(|level| waves.get_mut(*level as usize));
            wave.into_iter()
                .for_each(|wave: &mut Vec<_>| wave.push(NodeIndex(*node)));
        }
        waves
    }

    fn critical_path(&self) -> CriticalPath {
        let unknown = |node: &Compiled<'_>| node.settled.node.estimate.is_none();
        CriticalPath {
            nodes: self.shape.critical.iter().copied().map(NodeIndex).collect(),
            estimate: Span::from_millis(self.shape.total),
            at_least: self.nodes.iter().any(unknown),
        }
    }

    fn point_of_no_return(&self) -> Option<PointOfNoReturn> {
        let contract_of = |at: &u32| {
            let place = self
                .steps_of(*at)
                .iter()
                .position(|s| s.action == Action::Contract)?;
            let first = *self.firsts.get(*at as usize)?;
            Some(StepIndex(first + u32::try_from(place).ok()?))
        };
        let step = self.shape.order.iter().find_map(contract_of)?;
        let approval = GateName::contract();
        Some(PointOfNoReturn { step, approval })
    }

    fn planned(&self, at: u32) -> Option<PlannedNode> {
        let place = at as usize;
        let settled = self.nodes.get(place)?.settled;
        let (node, defaults) = (settled.node, &self.release.defaults);
        let on_failure = node.on_failure.or(defaults.on_failure);
        Some(PlannedNode {
            id: settled.id.clone(),
            kind: node.kind,
            service: settled.service.clone(),
            strategy: settled.name,
            settings: settled.strategy.clone(),
            wave: *self.shape.levels.get(place)?,
            needs: self.planned_needs(at),
            version: node.version.clone(),
            connection: node.connection.clone(),
            workload: node.workload.clone(),
            router: node.router.clone(),
            flag: node.flag.clone(),
            run: node.run.clone(),
            health: settled.health.clone(),
            judge: settled.judge.clone(),
            on_failure: on_failure.unwrap_or(self.release.policy.on_failure),
            owner: node.owner.clone().or_else(|| defaults.owner.clone()),
            first_deployment: settled.deployment == Deployment::First,
            on_rollback: on_rollback(settled.strategy.as_ref()),
            estimate: *self.estimates.get(place)?,
            estimate_known: node.estimate.is_some(),
            slack: Span::from_millis(*self.shape.slack.get(place)?),
            reversibility: reversible::until_when(self.steps_of(at)),
            assessment: assess::assess(self, at),
            first_step: StepIndex(*self.firsts.get(place)?),
            step_count: u32::try_from(self.steps_of(at).len()).ok()?,
        })
    }

    fn planned_needs(&self, at: u32) -> Vec<PlannedNeed> {
        let start = self.edges.partition_point(|edge| edge.node < at);
        let own = self
            .edges
            .iter()
            .skip(start)
            .take_while(|edge| edge.node == at);
        let mut seen = BTreeSet::new();
        let mut needs: Vec<PlannedNeed> = Vec::new();
        for edge in own.filter(|edge| seen.insert((edge.needed, &edge.milestone))) {
            let node = NodeIndex(edge.needed);
            let milestone = edge.milestone.clone();
            needs.push(PlannedNeed { node, milestone });
        }
        needs
    }
}

fn on_rollback(strategy: Option<&Strategy>) -> OnRollback {
    match strategy {
        Some(Strategy::ExpandContract(settings)) => settings.on_rollback,
        Some(
            Strategy::Recreate(_)
            | Strategy::Rolling(_)
            | Strategy::BlueGreen(_)
            | Strategy::Canary(_)
            | Strategy::Progressive(_)
            | Strategy::ShadowWrites(_),
        )
        | None => OnRollback::Leave,
    }
}
