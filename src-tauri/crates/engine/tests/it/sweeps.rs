//! Every step fails once, and the machine crashes at every commit: nothing twice, nothing lost.

use std::sync::Arc;

use gantry_engine::standing::Standing;
use gantry_model::{
    event::Outcome,
    operation::Direction,
    plan::{Action, Plan},
    unit::Span,
};

use crate::{
    fakes::{Act, Crash},
    plans::{Node, chain, plan, shop, wide},
    stage::Stage,
};

fn references() -> Vec<(&'static str, Arc<Plan>)> {
    let diamond = plan(&[
        Node::task("a", &[]),
        Node::task("b", &[0]),
        Node::task("c", &[0]),
        Node::task("d", &[1, 2]),
    ]);
    vec![
        ("chain", chain(4)),
        ("wide", wide(4)),
        ("diamond", diamond.into()),
        ("shop", shop()),
    ]
}

fn calls(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().filter(|step| {
        !matches!(
            step.action,
            Action::Preflight | Action::Bake { .. } | Action::Soak { .. } | Action::Approve { .. }
        )
    });
    steps.map(|step| step.id.to_string()).collect()
}

/// After a rollback everything that can be undone is; an expansion stays.
fn assert_snapshot(stage: &Stage) {
    let standing = stage.platform.state.lock().unwrap().standing.clone();
    let left: Vec<String> = standing
        .into_iter()
        .filter(|id| !id.ends_with("/expand"))
        .collect();
    assert!(left.is_empty(), "{left:?} still stand\n{}", stage.story());
}

#[test]
fn whatever_step_fails_everything_touched_goes_back() {
    for (name, plan) in references() {
        for step in calls(&plan) {
            for act in [Act::Refuse, Act::RefuseTouched] {
                let stage = Stage::new(plan.clone());
                stage
                    .platform
                    .script(&format!("{step}/do"), std::slice::from_ref(&act));
                let standing = stage.go();
                if step.ends_with("/retire") {
                    assert!(
                        matches!(standing, Some(Standing::WaitsForPerson(_))),
                        "{name} {step}"
                    );
                    continue;
                }
                let ended = match standing {
                    Some(Standing::Ended(outcome)) => outcome,
                    other => panic!("{name} {step}: {other:?}\n{}", stage.story()),
                };
                let fine = matches!(ended, Outcome::RolledBack | Outcome::Failed);
                assert!(fine, "{name} {step} {act:?}: {ended}\n{}", stage.story());
                stage.assert_nothing_twice();
                assert_snapshot(&stage);
                assert_order(&stage);
            }
        }
    }
}

/// What was put on top goes back first.
fn assert_order(stage: &Stage) {
    let state = stage.platform.state.lock().unwrap();
    let undone: Vec<&str> = state
        .order
        .iter()
        .filter(|(_, way)| *way == Direction::Undo)
        .filter(|(id, _)| id.ends_with("/run") || id.ends_with("/traffic"))
        .filter_map(|(id, _)| id.split_once('/').map(|(node, _)| node))
        .collect();
    for (at, node) in undone.iter().enumerate() {
        let node = stage
            .plan
            .nodes
            .iter()
            .find(|other| other.id.as_str() == *node)
            .unwrap();
        for need in &node.needs {
            let below = stage.plan.nodes[need.node.at()].id.as_str();
            let place = undone.iter().position(|other| *other == below);
            assert!(place.is_none_or(|place| place > at), "{undone:?}");
        }
    }
}

/// Crashes at commit `at`, then takes the run up again until it stands.
fn crash_and_resume(
    plan: &Arc<Plan>,
    crash: Crash,
    prepare: impl Fn(&Stage),
) -> Option<(Stage, Standing)> {
    let stage = Stage::new(plan.clone());
    prepare(&stage);
    stage.journal.crash(crash);
    match stage.go() {
        // The run has fewer commits than that.
        Some(_) => None,
        None => {
            let standing = stage.resume().unwrap();
            Some((stage, standing))
        }
    }
}

#[test]
fn a_crash_at_any_commit_neither_doubles_nor_loses_an_effect() {
    for (name, plan) in references() {
        let mut crashes = 0;
        for at in 2.. {
            let before = crash_and_resume(&plan, Crash::Before(at), |_| {});
            let after = crash_and_resume(&plan, Crash::After(at), |_| {});
            if before.is_none() && after.is_none() {
                break;
            }
            for (stage, standing) in before.into_iter().chain(after) {
                assert_eq!(
                    standing,
                    Standing::Ended(Outcome::Succeeded),
                    "{name} {at}\n{}",
                    stage.story()
                );
                stage.assert_nothing_twice();
                let state = stage.platform.state.lock().unwrap();
                for step in calls(&plan).iter().filter(|id| !id.contains("/verify")) {
                    assert!(state.standing.contains(step), "{name} {at}: {step} is lost");
                }
                crashes += 1;
            }
        }
        assert!(crashes >= 4, "{name}: only {crashes}");
    }
}

#[test]
fn a_crash_while_calls_are_slow_finds_them_again() {
    for (name, plan) in references() {
        for at in 2..30 {
            for crash in [Crash::Before(at), Crash::After(at)] {
                let slow = |stage: &Stage| {
                    stage.platform.state.lock().unwrap().takes = Span::from_secs(3);
                };
                let Some((stage, standing)) = crash_and_resume(&plan, crash, slow) else {
                    continue;
                };
                assert_eq!(
                    standing,
                    Standing::Ended(Outcome::Succeeded),
                    "{name} {crash:?}\n{}",
                    stage.story()
                );
                stage.assert_nothing_twice();
            }
        }
    }
}

#[test]
fn a_crash_at_any_commit_of_a_rollback_ends_in_the_same_place() {
    for (name, plan) in references() {
        let last = calls(&plan)
            .into_iter()
            .rfind(|id| id.ends_with("/run") || id.ends_with("/shift-10000"));
        let last = last.unwrap();
        let fail = |stage: &Stage| {
            stage
                .platform
                .script(&format!("{last}/do"), &[Act::RefuseTouched])
        };
        for at in 2..80 {
            for crash in [Crash::Before(at), Crash::After(at)] {
                let Some((stage, standing)) = crash_and_resume(&plan, crash, fail) else {
                    continue;
                };
                assert_eq!(
                    standing,
                    Standing::Ended(Outcome::RolledBack),
                    "{name} {crash:?}\n{}",
                    stage.story()
                );
                stage.assert_nothing_twice();
                assert_snapshot(&stage);
            }
        }
    }
}

#[test]
fn a_second_crash_during_recovery_changes_nothing() {
    for (name, plan) in references() {
        for at in (2..24).step_by(3) {
            for next in 1..4 {
                let stage = Stage::new(plan.clone());
                stage.journal.crash(Crash::After(at));
                if stage.go().is_some() {
                    continue;
                }
                stage.journal.crash(Crash::Before(at + next));
                let standing = match stage.resume() {
                    Some(standing) => standing,
                    None => stage.resume().unwrap(),
                };
                assert_eq!(
                    standing,
                    Standing::Ended(Outcome::Succeeded),
                    "{name} {at}\n{}",
                    stage.story()
                );
                stage.assert_nothing_twice();
            }
        }
    }
}

#[test]
fn the_same_world_writes_the_same_bytes() {
    for (_, plan) in references() {
        let lines = || {
            let stage = Stage::new(plan.clone());
            stage
                .platform
                .script("orders/stage/do", &[Act::Busy, Act::LoseReply]);
            stage.platform.script("warm/run/do", &[Act::Refuse]);
            stage.go();
            stage.journal.lines()
        };
        assert_eq!(lines(), lines());
    }
}
