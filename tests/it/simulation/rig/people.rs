//! Patient people, who say what they see and bring every run to its end.

use gantry_model::{
    command::{Actor, Answer, Command, Order},
    id::{NodeId, StepId},
    operation::{Direction, Key},
    plan::NodeIndex,
    run::{Run, StepState, UndoState},
};
use gantry_simulation::world::World;
use gantry_testkit::invariants::LOOKED;

/// Two are enough for every gate, and neither is the author.
const NAMES: [&str; 2] = ["dora", "emil"];

/// People who look after one run.
pub(super) struct People<'w> {
    world: &'w World,
    round: usize,
}

impl<'w> People<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self { world, round: 0 }
    }

    /// Says what fits: what is asked of people first, and only where nothing is, the large words.
    pub(super) fn next_words(&mut self, run: &Run) -> Vec<Order> {
        let asked = self.answers(run);
        if !asked.is_empty() {
            return asked;
        }
        self.round += 1;
        let said = |command| order(NAMES[0], command);
        match self.round % 4 {
            1 => vec![said(Command::Resume { node: None })],
            2 => {
                let held = run.holds().iter().filter_map(|hold| hold.node);
                let nodes = held.map(|node| id(run, node));
                nodes
                    .map(|node| said(Command::Resume { node: Some(node) }))
                    .collect()
            }
            3 => vec![
                said(Command::Rollback {
                    node: None,
                    reason: None,
                }),
                said(Command::Resume { node: None }),
            ],
            _ => accepted(run),
        }
    }

    /// What people are asked for: manual work, gates, and what became of steps nobody can tell.
    fn answers(&self, run: &Run) -> Vec<Order> {
        let mut orders = Vec::new();
        let start = run.start_approvals().len();
        let wanted = run.plan().policy.approvals.gates.iter();
        let wanted = wanted.filter(|(gate, _)| gate.as_str() == "start");
        if wanted.map(|(_, count)| *count as usize).any(|n| n > start) && has_not_begun(run) {
            orders.extend(NAMES.map(|by| approval(by, None)));
        }
        for (index, step) in run.steps() {
            let planned = run.planned_step(index);
            let node = || id(run, planned.node);
            match &step.state {
                StepState::Asking { .. } => {
                    orders.extend(NAMES.map(|by| approval(by, Some(node()))));
                }
                StepState::ByHand { .. } => orders.push(done(node())),
                StepState::Unknown { .. } => {
                    let key = Key::new(run.id(), &planned.id, Direction::Do, step.round);
                    orders.push(resolve(node(), &planned.id, self.became_of(&key)));
                }
                _ => {}
            }
        }
        let by_hand = run
            .undos()
            .filter(|(_, undo)| undo.state == UndoState::ByHand);
        orders.extend(by_hand.map(|(_, undo)| done(id(run, undo.action.node))));
        orders
    }

    /// Looks at the world, as a person would.
    fn became_of(&self, key: &Key) -> Answer {
        let ledger = self.world.ledger();
        match ledger.iter().any(|effect| effect.key == key.as_str()) {
            true => Answer::Applied,
            false => Answer::NotApplied,
        }
    }
}

fn has_not_begun(run: &Run) -> bool {
    let mut steps = run.steps();
    !steps.any(|(index, _)| run.is_touched(index))
}

/// Accepts every undo that is stuck.
fn accepted(run: &Run) -> Vec<Order> {
    let stuck = run
        .undos()
        .filter(|(_, undo)| matches!(undo.state, UndoState::Stuck { .. }));
    let accept = stuck
        .map(|(_, undo)| resolve(id(run, undo.action.node), &undo.action.id, Answer::Accepted));
    accept.collect()
}

fn id(run: &Run, node: NodeIndex) -> NodeId {
    run.planned_node(node).id.clone()
}

fn order(by: &str, command: Command) -> Order {
    let by = Actor::named(by);
    Order { by, command }
}

fn approval(by: &str, node: Option<NodeId>) -> Order {
    let command = Command::Approve {
        gate: None,
        node,
        note: None,
    };
    order(by, command)
}

fn done(node: NodeId) -> Order {
    order(NAMES[0], Command::Done { node, note: None })
}

fn resolve(node: NodeId, step: &StepId, answer: Answer) -> Order {
    let command = Command::Resolve {
        node,
        step: Some(step.clone()),
        answer,
        reason: LOOKED.into(),
    };
    order(NAMES[0], command)
}
