//! The people of a rehearsal: they approve and do what is asked of them, and decide nothing else.
//!
//! A gate or a manual step must not end a rehearsal, because what stands behind it is what people
//! want to see. A failure that holds, or an undo that is stuck, does end it.

use gantry_engine::{
    drive::{DriveError, Driver, Ruled},
    standing::Standing,
    status::{self, NodeState},
};
use gantry_model::{
    command::{Actor, Command, Order},
    event::{RulingWord, RunEvent},
    id::{GateName, NodeId},
    journal::Entry,
    plan::{Action, Plan, PlannedNode},
};

/// Follows a run and answers for people until it has ended or nothing they may say helps.
pub(super) async fn follow(
    driver: &mut Driver,
    observer: &mut (dyn FnMut(&Entry, &RunEvent) + Send),
) -> Result<Standing, DriveError> {
    loop {
        let standing = driver.follow(observer).await?;
        let orders = match &standing {
            Standing::Ended(_) => Vec::new(),
            Standing::WaitsForPerson(_) => answers(driver),
        };
        if orders.is_empty() {
            return Ok(standing);
        }
        let handle = driver.handle();
        let mut rulings: Vec<_> = orders.into_iter().map(|order| handle.give(order)).collect();
        let standing = driver.follow(observer).await?;
        let taken = |ruled: &mut tokio::sync::oneshot::Receiver<Ruled>| {
            ruled
                .try_recv()
                .is_ok_and(|ruled| ruled.ruling == RulingWord::Accepted)
        };
        if !rulings.iter_mut().any(taken) {
            return Ok(standing);
        }
    }
}

/// What people would say now: done to manual steps, yes at gates, as many of them as are needed.
fn answers(driver: &Driver) -> Vec<Order> {
    let plan = driver.run().plan();
    let status = status::status(driver.run());
    let waiting = status
        .nodes
        .iter()
        .filter(|node| node.state == NodeState::WaitsForPerson);
    let nodes: Vec<&NodeId> = waiting.map(|node| &node.id).collect();
    if nodes.is_empty() {
        return plan
            .policy
            .approvals
            .gates
            .iter()
            .flat_map(|(gate, count)| at_gate(gate, None, *count))
            .collect();
    }
    nodes
        .into_iter()
        .flat_map(|node| of_node(plan, node))
        .collect()
}

fn of_node(plan: &Plan, id: &NodeId) -> Vec<Order> {
    let Some(node) = plan.node(id).and_then(|index| plan.nodes.get(index.at())) else {
        return Vec::new();
    };
    if node.run.as_ref().is_some_and(|task| task.manual.is_some()) {
        return vec![said(
            1,
            Command::Done {
                node: id.clone(),
                note: None,
            },
        )];
    }
    gates(plan, node)
        .flat_map(|(gate, count)| at_gate(gate, Some(id), count))
        .collect()
}

fn gates<'p>(plan: &'p Plan, node: &'p PlannedNode) -> impl Iterator<Item = (&'p GateName, u32)> {
    node.steps()
        .filter_map(|step| match &plan.steps.get(step.at())?.action {
            Action::Approve { gate, count } => Some((gate, *count)),
            _ => None,
        })
}

fn at_gate(gate: &GateName, node: Option<&NodeId>, count: u32) -> Vec<Order> {
    let yes = |person| {
        said(
            person,
            Command::Approve {
                gate: Some(gate.clone()),
                node: node.cloned(),
                note: None,
            },
        )
    };
    (1..=count).map(yes).collect()
}

/// Signs with a name that nobody has, so that the story shows who spoke.
fn said(person: u32, command: Command) -> Order {
    Order {
        by: Actor::named(format!("rehearsal-{person}")),
        command,
    }
}
