//! Hand-made plans, small enough to be read.

use std::{collections::BTreeMap, sync::Arc};

use gantry_model::{
    digest::Digest,
    id::{GateName, Milestone, NodeId, StepId},
    plan::{
        Action, Assessment, CriticalPath, Level, NodeIndex, Plan, PlannedNeed, PlannedNode,
        Reversibility, Step, StepIndex, Undo,
    },
    release::{
        OnFailure, Policy, Retry,
        check::Health,
        node::Kind,
        strategy::{OnRollback, StrategyName},
        task::{OnDeadline, Task, UndoTask},
    },
    unit::{Span, Weight},
};

/// A node of a hand-made plan.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) needs: Vec<usize>,
    pub(crate) steps: Vec<(String, Action, Undo)>,
    pub(crate) on_failure: OnFailure,
    pub(crate) retry: u32,
    pub(crate) cancel: bool,
    pub(crate) idempotent: bool,
    pub(crate) manual: bool,
    pub(crate) undo_by_hand: bool,
    pub(crate) on_deadline: OnDeadline,
    pub(crate) consecutive: u32,
}

impl Node {
    /// A task with an undo.
    pub(crate) fn task(id: &str, needs: &[usize]) -> Self {
        Self {
            id: id.into(),
            needs: needs.to_vec(),
            steps: vec![("run".into(), Action::Run, Undo::Inverse)],
            on_failure: OnFailure::RollbackRelease,
            retry: 0,
            cancel: false,
            idempotent: false,
            manual: false,
            undo_by_hand: false,
            on_deadline: OnDeadline::Hold,
            consecutive: 2,
        }
    }

    /// A canary in two steps, with a bake, a soak and the old version's retirement.
    pub(crate) fn canary(id: &str, needs: &[usize]) -> Self {
        let shift = |points| Action::Shift {
            weight: Weight::from_basis_points(points).unwrap(),
        };
        let bake = Action::Bake {
            weight: Weight::from_basis_points(500).unwrap(),
            duration: Span::from_secs(60),
        };
        let soak = Action::Soak {
            duration: Span::from_secs(30),
        };
        let retire = Action::Retire {
            keep: Span::from_secs(20),
        };
        let stage = Action::Stage { replicas: 2 };
        let steps: Vec<(&str, Action, Undo)> = vec![
            ("stage", stage, Undo::Restore),
            ("shift-500", shift(500), Undo::Restore),
            ("bake-500", bake, Undo::None),
            ("shift-10000", shift(10_000), Undo::Restore),
            ("verify", Action::Verify, Undo::None),
            ("soak", soak, Undo::None),
            ("retire", retire, Undo::Restore),
        ];
        Self {
            steps: steps
                .into_iter()
                .map(|(name, a, u)| (name.into(), a, u))
                .collect(),
            idempotent: true,
            ..Self::task(id, needs)
        }
    }

    /// An expansion with a contraction behind a gate.
    pub(crate) fn database(id: &str, needs: &[usize]) -> Self {
        let gate = "contract".parse::<GateName>().unwrap();
        let approve = Action::Approve { gate, count: 1 };
        let steps: Vec<(&str, Action, Undo)> = vec![
            ("expand", Action::Expand, Undo::Leave),
            ("verify", Action::VerifyData, Undo::None),
            ("approve", approve, Undo::None),
            ("contract", Action::Contract, Undo::Never),
        ];
        Self {
            steps: steps
                .into_iter()
                .map(|(name, a, u)| (name.into(), a, u))
                .collect(),
            ..Self::task(id, needs)
        }
    }
}

/// Builds a plan whose nodes are sorted by id and given in a topological order.
pub(crate) fn plan(nodes: &[Node]) -> Plan {
    plan_with(
        nodes,
        Policy {
            max_parallel: 100_000,
            ..Policy::default()
        },
    )
}

pub(crate) fn plan_with(specs: &[Node], policy: Policy) -> Plan {
    let mut sorted: Vec<usize> = (0..specs.len()).collect();
    sorted.sort_by(|a, b| specs[*a].id.cmp(&specs[*b].id));
    let mut place = vec![0_u32; specs.len()];
    for (at, spec) in sorted.iter().enumerate() {
        place[*spec] = at as u32;
    }
    let mut nodes: Vec<PlannedNode> = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut firsts = vec![0_u32; specs.len()];
    for spec in &sorted {
        firsts[*spec] = steps.len() as u32;
        let node = &specs[*spec];
        nodes.push(planned(node, &place, steps.len() as u32));
        add_steps(&mut steps, node, NodeIndex(place[*spec]));
    }
    link(&mut steps, specs, &firsts);
    let order: Vec<NodeIndex> = place.iter().map(|at| NodeIndex(*at)).collect();
    Plan {
        release: "test".parse().unwrap(),
        title: None,
        owner: None,
        environment: "default".parse().unwrap(),
        digest: Digest::of("plan"),
        policy,
        window: None,
        connections: BTreeMap::new(),
        metrics: BTreeMap::new(),
        folder: String::new(),
        files: BTreeMap::new(),
        nodes,
        steps,
        waves: order.iter().map(|node| vec![*node]).collect(),
        order,
        critical_path: CriticalPath::default(),
        point_of_no_return: None,
        triggers: Vec::new(),
        silences: Vec::new(),
        skew: Vec::new(),
        success: Vec::new(),
        stakeholders: Vec::new(),
        notify: Default::default(),
        findings: Vec::new(),
    }
}

fn add_steps(steps: &mut Vec<Step>, node: &Node, index: NodeIndex) {
    let id: NodeId = node.id.parse().unwrap();
    let preflight = ("preflight".to_owned(), Action::Preflight, Undo::None);
    let last_main = node.steps.iter().rposition(|(_, action, _)| {
        !matches!(
            action,
            Action::Retire { .. } | Action::Approve { .. } | Action::Contract
        )
    });
    let all = std::iter::once(&preflight).chain(&node.steps);
    for (at, (name, action, undo)) in all.enumerate() {
        let before = StepIndex(steps.len().wrapping_sub(1) as u32);
        let done = last_main.is_some_and(|last| at == last + 1);
        steps.push(Step {
            id: StepId::new(&id, name),
            node: index,
            action: action.clone(),
            needs: if at == 0 { Vec::new() } else { vec![before] },
            undo: *undo,
            timeout: Span::from_secs(600),
            retry: Retry {
                times: node.retry,
                backoff: Span::from_secs(5),
            },
            estimate: None,
            cancel: node.cancel,
            idempotent: node.idempotent,
            reaches: done.then(Milestone::done).into_iter().collect(),
        });
    }
}

/// The first step of a node behind its preflight needs the step with which its needs are done.
fn link(steps: &mut [Step], specs: &[Node], firsts: &[u32]) {
    for (spec, node) in specs.iter().enumerate() {
        for need in &node.needs {
            let first = firsts[*need] as usize;
            let count = specs[*need].steps.len() + 1;
            let done = (first..first + count).find(|at| !steps[*at].reaches.is_empty());
            let done = StepIndex(done.unwrap() as u32);
            steps[firsts[spec] as usize + 1].needs.push(done);
        }
    }
}

fn planned(node: &Node, place: &[u32], first: u32) -> PlannedNode {
    let needs = node.needs.iter().map(|need| PlannedNeed {
        node: NodeIndex(place[*need]),
        milestone: Milestone::done(),
    });
    let is_task = node
        .steps
        .iter()
        .any(|(_, action, _)| *action == Action::Run);
    let undo = if node.undo_by_hand {
        UndoTask::Manual("put it back".into())
    } else {
        UndoTask::Exec(vec!["undo".into()])
    };
    PlannedNode {
        id: node.id.parse().unwrap(),
        kind: Kind::Task,
        service: node.id.parse().unwrap(),
        strategy: StrategyName::Canary,
        settings: None,
        wave: 0,
        needs: needs.collect(),
        version: None,
        connection: None,
        workload: None,
        router: None,
        flag: None,
        run: is_task.then(|| Task {
            exec: (!node.manual).then(|| vec!["run".into()]),
            manual: node.manual.then(|| "do it".into()),
            undo: Some(undo),
            on_deadline: node.on_deadline,
            ..Task::default()
        }),
        health: Some(Health {
            consecutive: node.consecutive,
            every: Span::from_secs(5),
            ..Health::default()
        }),
        judge: None,
        on_failure: node.on_failure,
        owner: None,
        first_deployment: false,
        on_rollback: OnRollback::Leave,
        estimate: Span::ZERO,
        estimate_known: false,
        slack: Span::ZERO,
        reversibility: Reversibility::Reversible,
        assessment: assessment(),
        first_step: StepIndex(first),
        step_count: node.steps.len() as u32 + 1,
    }
}

fn assessment() -> Assessment {
    Assessment {
        what: String::new(),
        risk: Level::Low,
        score: 0,
        dependencies: String::new(),
        rollback_complexity: Level::Low,
        recommended: StrategyName::Recreate,
        alternatives: Vec::new(),
        reasons: Vec::new(),
    }
}

pub(crate) fn chain(count: usize) -> Arc<Plan> {
    let nodes: Vec<Node> = (0..count)
        .map(|at| {
            Node::task(
                &format!("n{at:05}"),
                &at.checked_sub(1).into_iter().collect::<Vec<_>>(),
            )
        })
        .collect();
    Arc::new(plan(&nodes))
}

pub(crate) fn wide(count: usize) -> Arc<Plan> {
    let nodes: Vec<Node> = (0..count)
        .map(|at| Node::task(&format!("n{at:05}"), &[]))
        .collect();
    Arc::new(plan(&nodes))
}

/// Layers in which each node needs two of the layer before.
pub(crate) fn layered(layers: usize, width: usize) -> Arc<Plan> {
    let mut nodes = Vec::new();
    for layer in 0..layers {
        for at in 0..width {
            let below = |offset: usize| (layer - 1) * width + (at + offset) % width;
            let mut needs = if layer == 0 {
                Vec::new()
            } else {
                vec![below(0), below(1)]
            };
            needs.dedup();
            nodes.push(Node::task(&format!("n{layer:03}x{at:04}"), &needs));
        }
    }
    Arc::new(plan(&nodes))
}

/// A database below two canaries, a task on top of both.
pub(crate) fn shop() -> Arc<Plan> {
    Arc::new(plan(&shop_nodes()))
}

pub(crate) fn shop_nodes() -> Vec<Node> {
    let mut db = Node::database("db", &[]);
    db.steps.truncate(2);
    vec![
        db,
        Node::canary("orders", &[0]),
        Node::canary("web", &[0]),
        Node::task("warm", &[1, 2]),
    ]
}
