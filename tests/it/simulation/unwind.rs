//! Every step fails, every undo sticks, everything is delivered twice, whole graphs go back.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use gantry_engine::standing::Standing;
use gantry_model::{
    command::{Actor, Command, Order},
    event::{Happened, Outcome, RunEvent},
    id::StepId,
    operation::Direction,
    plan::{Action, Step},
    unit::Span,
};
use gantry_simulation::{
    fault::{Access, FaultMode, FaultRule},
    world::Settings,
};
use gantry_testkit::{
    invariants::Honesty,
    scenario::{Roughness, Scenario, Variety},
};

use super::{
    references::{REFERENCES, Reference},
    rig::{Rig, run},
    seeds::{every, seeds, told},
};

/// Plays a reference with one more thing going wrong, and gives how it ended.
async fn outcome_with(reference: &Reference, rule: FaultRule, when: &str) -> (Outcome, Rig) {
    let rig = reference.rig_with(rule);
    let ended = rig.go(&[]).await;
    let violations = rig.violations(Honesty::Honest).await;
    let story = rig.story().await;
    assert!(violations.is_empty(), "{when}: {violations:#?}\n{story}");
    match ended {
        Ok(Standing::Ended(outcome)) => (outcome, rig),
        other => panic!("{when}: {other:?}\n{story}"),
    }
}

fn at(step: &StepId, direction: Direction, mode: FaultMode) -> FaultRule {
    let (node, name) = step.as_str().split_once('/').unwrap();
    let rule = FaultRule::on(node.parse().unwrap(), mode);
    rule.at_step(name).going(direction).meeting(Access::Change)
}

/// Gives the undo actions that a reference starts.
async fn undone(rig: &Rig) -> BTreeSet<StepId> {
    let entries = rig.entries().await;
    let events = entries
        .iter()
        .map(|entry| RunEvent::from_body(&entry.event.body).unwrap());
    events
        .filter_map(|event| match event.what {
            Happened::UndoStarted { place, .. } => Some(place.step),
            _ => None,
        })
        .collect()
}

fn has_contract(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.action == Action::Contract)
}

#[test]
fn whichever_step_fails_everything_goes_back() {
    for reference in REFERENCES.iter().filter(|r| r.ends == Outcome::Succeeded) {
        let steps = reference.rig_with_faults(Vec::new()).plan.steps.clone();
        let mut failed = 0;
        for step in &steps {
            let rule = at(&step.id, Direction::Do, FaultMode::Rejected);
            let when = format!("{}, {} fails", reference.name, step.id);
            let (outcome, rig) = run(outcome_with(reference, rule, &when));
            let put_back = run(undone(&rig));
            match outcome {
                Outcome::RolledBack => failed += 1,
                // Steps that only look cannot fail at a change.
                Outcome::Succeeded => {}
                // Something failed and there was nothing to put back: what a refused statement has
                // left of a schema the old version can live beside, and an old version that is not
                // retired harms nobody.
                Outcome::Failed if put_back.is_empty() => {}
                // What came after the point of no return stays, and is named.
                Outcome::PartlyRolledBack if has_contract(&steps) => {}
                other => panic!("{when}: {other:?}"),
            }
        }
        assert!(
            failed >= 2,
            "{}: only {failed} steps failed",
            reference.name
        );
    }
}

#[test]
fn whichever_undo_sticks_the_run_ends_and_names_it() {
    for reference in REFERENCES.iter().filter(|r| r.ends == Outcome::RolledBack) {
        let rig = reference.rig();
        let actions = run(async {
            drop(rig.go(&[]).await);
            undone(&rig).await
        });
        assert!(actions.len() >= 2, "{actions:?}");
        for action in &actions {
            let rule = at(action, Direction::Undo, FaultMode::Rejected);
            let when = format!("{}, {action} sticks", reference.name);
            let (outcome, rig) = run(outcome_with(reference, rule.clone(), &when));
            let good = matches!(outcome, Outcome::PartlyRolledBack | Outcome::RolledBack);
            assert!(good, "{when}: {outcome:?}\n{}", run(rig.story()));
            let when = format!("{}, {action} fails once", reference.name);
            let (outcome, _) = run(outcome_with(reference, rule.after(0, 1), &when));
            assert_eq!(outcome, Outcome::RolledBack, "{when}");
        }
    }
}

#[test]
fn whichever_reply_is_lost_the_run_ends_as_it_would_have() {
    for reference in &REFERENCES {
        let rig = reference.rig();
        let actions = run(async {
            drop(rig.go(&[]).await);
            undone(&rig).await
        });
        let steps = rig.plan.steps.iter().map(|step| (&step.id, Direction::Do));
        let undos = actions.iter().map(|action| (action, Direction::Undo));
        for (id, direction) in steps.chain(undos) {
            let when = format!(
                "{}, the reply to {id} ({}) is lost",
                reference.name,
                direction.word()
            );
            let rule = at(id, direction, FaultMode::ReplyLost).after(0, 1);
            let (outcome, rig) = run(outcome_with(reference, rule, &when));
            assert_eq!(outcome, reference.ends, "{when}\n{}", run(rig.story()));
        }
    }
}

#[test]
fn applying_every_action_and_every_undo_twice_changes_nothing() {
    let everywhere = |mode| FaultRule {
        node: None,
        ..FaultRule::on("any".parse().unwrap(), mode)
    };
    for reference in &REFERENCES {
        let when = format!("{}, everything delivered twice", reference.name);
        let rule = everywhere(FaultMode::DeliveredTwice).meeting(Access::Change);
        let (outcome, _) = run(outcome_with(reference, rule, &when));
        assert_eq!(outcome, reference.ends, "{when}");
    }
}

/// How many graphs an ordinary test run takes back, and how many the full one.
const GRAPHS: (u64, u64) = (200, 2000);

/// Rolls a release back somewhere on its way.
fn take_back(seed: u64, rolled_back: &AtomicU64) -> Result<(), String> {
    let roughness = Roughness {
        nodes: 20,
        faults: 0,
        orders: 0,
        variety: Variety::Plain,
    };
    let scenario = Scenario::of(seed, roughness).unwrap();
    let settings = Settings {
        seed,
        ..Settings::default()
    };
    let rig = Rig::new(&scenario.release, settings);
    let order = Order {
        by: Actor::named("author"),
        command: Command::Rollback {
            node: None,
            reason: None,
        },
    };
    run(async {
        let ended = rig.go(&[(Span::from_secs(seed % 40 * 15), order)]).await;
        let violations = rig.violations(Honesty::Honest).await;
        match ended {
            // What remains equal is among the invariants of this outcome.
            Ok(Standing::Ended(Outcome::RolledBack)) => {
                rolled_back.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Standing::Ended(Outcome::Succeeded | Outcome::Cancelled)) => {}
            other => return Err(format!("seed {seed}: {other:?}\n{}", rig.story().await)),
        }
        match violations.is_empty() {
            true => Ok(()),
            false => Err(format!("seed {seed}: {violations:#?}")),
        }
    })
}

#[test]
fn a_graph_taken_back_at_any_moment_is_as_it_was() {
    let wanted = told("GANTRY_SEEDS").map_or(GRAPHS.0, |count| count.min(GRAPHS.1));
    let rolled_back = AtomicU64::new(0);
    every(seeds(wanted), |seed| take_back(seed, &rolled_back));
    let (rolled_back, half) = (rolled_back.into_inner(), seeds(wanted).count() as u64 / 2);
    assert!(rolled_back >= half, "only {rolled_back} were on their way");
}
