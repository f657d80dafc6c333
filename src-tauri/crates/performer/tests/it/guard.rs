//! Undoing a run that had ended: only what is still as it was left.

use gantry_model::{
    id::RunId,
    operation::{Direction, Key},
    platform::{FlagState, Revision, Template},
    rollback::{Guard, UndoAction},
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    ports::Call,
};
use gantry_simulation::world::Settings;
use gantry_testkit::draft::{Draft, blue_green, canary, recreate, rolling};
use serde_json::Value;

use crate::walk::{Walk, run};

/// A release that has gone forward in full.
fn ended(strategy: Value) -> Walk {
    let draft = Draft::new("r").app("web", &[], strategy).flag("look", &[]);
    let mut walk = Walk::new(draft, Settings::default());
    let last = walk.plan.steps.last().unwrap().id.to_string();
    run(walk.forward_to(&last)).unwrap();
    walk
}

/// The undo of everything, each first action of a node with its guard.
fn guarded(walk: &Walk) -> Vec<UndoAction> {
    let mut nodes = Vec::new();
    let mut actions = walk.actions(|_| true);
    for action in &mut actions {
        if !nodes.contains(&action.node) {
            nodes.push(action.node);
            action.guard = Guard::AsLeft;
        }
    }
    actions
}

fn undo(walk: &Walk, node: &str) -> Result<(), Fault> {
    let node = walk.plan.node(&node.parse().unwrap()).unwrap();
    for action in guarded(walk).iter().filter(|action| action.node == node) {
        run(walk.undo(action))?;
    }
    Ok(())
}

/// A call of another release.
fn of_another(walk: &Walk) -> Call {
    let run = RunId::new("other".parse().unwrap(), 2);
    let step = "web/stage".parse().unwrap();
    Call {
        key: Key::new(&run, &step, Direction::Do, 1),
        epoch: 1,
        run,
        step,
        direction: Direction::Do,
        deadline: walk.world.clock().now() + Span::from_secs(60).as_delta(),
    }
}

/// Another release brings instances of a version.
fn deploy(walk: &Walk, version: &str) {
    let ports = walk.world.ports();
    let workload = ports.workloads.values().next().unwrap();
    let revision = Revision {
        service: "web".parse().unwrap(),
        environment: walk.plan.environment.clone(),
        version: version.parse().unwrap(),
    };
    let template = Template {
        image: format!("test/web:{version}"),
        digest: None,
        port: Some(8080),
        env: Default::default(),
        command: None,
        network: None,
    };
    let call = of_another(walk);
    run(workload.scale(&call, &revision, Some(&template), 4)).unwrap();
}

#[test]
fn what_is_as_it_was_left_goes_back_and_doing_so_twice_is_no_stranger() {
    for strategy in [canary(), blue_green(), rolling(), recreate()] {
        let walk = ended(strategy.clone());
        for _ in 0..2 {
            undo(&walk, "web").unwrap_or_else(|fault| panic!("{strategy}: {fault}"));
            undo(&walk, "look").unwrap();
        }
        let fleets = walk.world.snapshot().fleets;
        assert_eq!(fleets["web"].len(), 1, "{fleets:?}");
        assert!(
            fleets["web"].contains_key(&"1.0".parse().unwrap()),
            "{fleets:?}"
        );
    }
}

#[test]
fn what_another_release_has_changed_since_is_left_alone_and_named() {
    for strategy in [canary(), blue_green(), rolling(), recreate()] {
        for version in ["3.0", "2.0"] {
            let walk = ended(strategy.clone());
            deploy(&walk, version);
            let before = walk.world.snapshot();
            let fault = undo(&walk, "web").unwrap_err();
            assert_eq!(fault.kind, FaultKind::Conflict, "{fault}");
            assert!(
                fault.message.contains("changed since by other#2"),
                "{fault}"
            );
            assert_eq!(walk.world.snapshot(), before, "{strategy} {version}");
        }
    }
}

#[test]
fn a_flag_that_somebody_has_set_since_is_left_alone() {
    let walk = ended(canary());
    let ports = walk.world.ports();
    let flags = ports.flags.values().next().unwrap();
    let node = walk.plan.node(&"look".parse().unwrap()).unwrap();
    let flag = walk.plan.nodes[node.at()].flag.clone().unwrap();
    let theirs = FlagState {
        on: true,
        share: "37%".parse().unwrap(),
    };
    run(flags.set(&of_another(&walk), &flag, theirs)).unwrap();
    let fault = undo(&walk, "look").unwrap_err();
    assert_eq!(fault.kind, FaultKind::Conflict, "{fault}");
    assert!(fault.message.contains("changed since"), "{fault}");
    assert_eq!(run(flags.observe(&flag)).unwrap(), Some(theirs));
}
