//! Random graphs, random faults, random crashes; the laws hold whatever happens.

use std::sync::Arc;

use gantry_engine::standing::Standing;
use gantry_model::{
    command::{Answer, Command},
    event::Outcome,
    operation::Direction,
    plan::Plan,
    release::{OnFailure, Policy},
    run::Run,
    unit::Span,
};
use proptest::prelude::*;

use crate::{
    fakes::{Act, Crash},
    plans::{Node, plan_with},
    stage::Stage,
};

#[derive(Clone, Debug)]
struct Scenario {
    nodes: Vec<(Vec<usize>, bool, OnFailure, u32)>,
    acts: Vec<(usize, Vec<Act>)>,
    undo_acts: Vec<(usize, Vec<Act>)>,
    crashes: Vec<(u64, bool)>,
    parallel: u32,
    slow: bool,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => Just(Act::Apply(Span::ZERO)),
        2 => Just(Act::Apply(Span::from_secs(7))),
        1 => Just(Act::Refuse),
        1 => Just(Act::RefuseTouched),
        1 => Just(Act::Unsent),
        2 => Just(Act::Busy),
        2 => Just(Act::LoseReply),
        2 => Just(Act::LoseRequest),
        1 => Just(Act::Hang),
    ]
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let policy = prop_oneof![
        3 => Just(OnFailure::RollbackRelease),
        1 => Just(OnFailure::RollbackNode),
        1 => Just(OnFailure::Hold),
        1 => Just(OnFailure::Continue),
    ];
    let node = (
        proptest::collection::vec(0..12_usize, 0..3),
        any::<bool>(),
        policy,
        0..3_u32,
    );
    let acts = || {
        let some = proptest::collection::vec(act(), 1..4);
        proptest::collection::vec((0..200_usize, some), 0..6)
    };
    (
        proptest::collection::vec(node, 1..12),
        acts(),
        acts(),
        proptest::collection::vec((2..40_u64, any::<bool>()), 0..3),
        1..6_u32,
        any::<bool>(),
    )
        .prop_map(
            |(nodes, acts, undo_acts, crashes, parallel, slow)| Scenario {
                nodes,
                acts,
                undo_acts,
                crashes,
                parallel,
                slow,
            },
        )
}

fn build(scenario: &Scenario) -> Arc<Plan> {
    let nodes = scenario.nodes.iter().enumerate().map(|(at, node)| {
        let (needs, canary, policy, retry) = node;
        let mut needs: Vec<usize> = needs
            .iter()
            .filter(|_| at > 0)
            .map(|n| n % at.max(1))
            .collect();
        needs.sort_unstable();
        needs.dedup();
        let id = format!("n{at:02}");
        let mut node = if *canary {
            Node::canary(&id, &needs)
        } else {
            Node::task(&id, &needs)
        };
        node.on_failure = *policy;
        node.retry = *retry;
        node
    });
    let nodes: Vec<Node> = nodes.collect();
    let policy = Policy {
        max_parallel: scenario.parallel,
        ..Policy::default()
    };
    Arc::new(plan_with(&nodes, policy))
}

fn prepare(stage: &Stage, scenario: &Scenario) {
    let steps = &stage.plan.steps;
    for (at, acts) in &scenario.acts {
        let step = &steps[at % steps.len()].id;
        if step.name() != "preflight" {
            stage.platform.script(&format!("{step}/do"), acts);
        }
    }
    for (at, acts) in &scenario.undo_acts {
        let node = &stage.plan.nodes[at % stage.plan.nodes.len()].id;
        for kind in ["run", "traffic", "remove-new", "restage"] {
            stage.platform.script(&format!("{node}/{kind}/undo"), acts);
        }
    }
    if scenario.slow {
        stage.platform.state.lock().unwrap().takes = Span::from_secs(2);
    }
}

/// Runs it through all its crashes to wherever it stands.
fn play(scenario: &Scenario) -> (Stage, Standing) {
    let stage = Stage::new(build(scenario));
    prepare(&stage, scenario);
    let mut crashes = scenario.crashes.iter();
    let mut next = || {
        if let Some((at, before)) = crashes.next() {
            let at = stage.journal.commits() + 1 + at % 12;
            stage.journal.crash(if *before {
                Crash::Before(at)
            } else {
                Crash::After(at)
            });
        }
    };
    next();
    let mut standing = stage.go_or_restart();
    while standing.is_none() {
        next();
        standing = stage.resume();
    }
    stage.journal.calm();
    let standing = standing.unwrap();
    (stage, standing)
}

/// A person clears up until the run has ended.
fn clear_up(stage: &Stage, mut standing: Standing) -> Outcome {
    for _ in 0..200 {
        let Standing::WaitsForPerson(_) = standing else {
            break;
        };
        let run = stage.folded();
        let next = run.queues().stuck.first().map(|undo| {
            let node = run.planned_node(run.undo(*undo).action.node).id.clone();
            let answer = Answer::DoneByHand;
            Command::Resolve {
                node,
                step: None,
                answer,
                reason: "by hand".into(),
            }
        });
        let next = next
            .or_else(|| unknown(&run))
            .unwrap_or(Command::Resume { node: None });
        let (_, after) = stage.give("bob", next);
        standing = after;
    }
    match standing {
        Standing::Ended(outcome) => outcome,
        Standing::WaitsForPerson(why) => panic!("nobody can end it: {why}\n{}", stage.story()),
    }
}

fn unknown(run: &Run) -> Option<Command> {
    let mut steps = run.steps();
    let (index, _) = steps.find(|(_, step)| step.state.word() == "unknown")?;
    let node = run.planned_node(run.planned_step(index).node).id.clone();
    Some(Command::Resolve {
        node,
        step: None,
        answer: Answer::NotApplied,
        reason: "looked".into(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_laws_hold_whatever_fails_and_whenever_it_crashes(scenario in scenario()) {
        let (stage, standing) = play(&scenario);
        stage.assert_nothing_twice();
        let outcome = clear_up(&stage, standing);
        stage.assert_nothing_twice();
        let run = stage.folded();
        prop_assert_eq!(run.queues().acting, 0);
        prop_assert!(run.queues().live.is_empty());
        let undone_by_hand = stage.story().contains("done-by-hand");
        let standing = stage.platform.state.lock().unwrap().standing.clone();
        match outcome {
            Outcome::Succeeded => {
                let undo = &stage.platform.state.lock().unwrap().order;
                prop_assert!(undo.iter().all(|(_, way)| *way == Direction::Do));
            }
            Outcome::RolledBack if !undone_by_hand => {
                prop_assert!(standing.is_empty(), "{:?}\n{}", standing, stage.story());
            }
            _ => {}
        }
        prop_assert!(stage.story().lines().filter(|line| line.contains("\"kind\":\"finished\"")).count() == 1);
    }

    #[test]
    fn one_scenario_writes_one_journal(scenario in scenario()) {
        let (first, _) = play(&scenario);
        let (second, _) = play(&scenario);
        prop_assert_eq!(first.journal.lines(), second.journal.lines());
    }
}
