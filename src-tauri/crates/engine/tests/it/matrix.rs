//! Every command in every state is taken or refused with a sentence; never anything else.

use std::sync::Arc;

use gantry_engine::{
    decide::{Input, decide},
    fold::fold,
    judging::Bench,
    turn::turn,
};
use gantry_model::{
    command::{Actor, Answer, Command, Order, Remark},
    event::{Happened, RulingWord, RunEvent},
    plan::{Plan, Step},
    run::{Phase, Run},
};

use crate::{fakes::Act, plans::shop, stage::Stage};

fn commands(plan: &Plan) -> Vec<Command> {
    let mut all = vec![
        Command::Hold {
            node: None,
            reason: None,
        },
        Command::Resume { node: None },
        Command::Freeze { reason: "f".into() },
        Command::Abort { reason: None },
        Command::Rollback {
            node: None,
            reason: None,
        },
        Command::Approve {
            gate: None,
            node: None,
            note: None,
        },
        Command::Note {
            text: "n".into(),
            remark: Remark::default(),
        },
        Command::Retry {
            node: "nobody".parse().unwrap(),
        },
    ];
    for node in &plan.nodes {
        let node = node.id.clone();
        all.push(Command::Hold {
            node: Some(node.clone()),
            reason: Some("r".into()),
        });
        all.push(Command::Resume {
            node: Some(node.clone()),
        });
        all.push(Command::Rollback {
            node: Some(node.clone()),
            reason: None,
        });
        all.push(Command::Retry { node: node.clone() });
        all.push(Command::Skip {
            node: node.clone(),
            step: None,
            reason: "r".into(),
        });
        all.push(Command::Approve {
            gate: None,
            node: Some(node.clone()),
            note: None,
        });
        all.push(Command::Done {
            node: node.clone(),
            note: None,
        });
        for answer in [
            Answer::Applied,
            Answer::NotApplied,
            Answer::DoneByHand,
            Answer::Accepted,
        ] {
            all.push(Command::Resolve {
                node: node.clone(),
                step: None,
                answer,
                reason: "r".into(),
            });
        }
    }
    all.extend(plan.steps.iter().map(|step| skip_of(plan, step)));
    all
}

fn skip_of(plan: &Plan, step: &Step) -> Command {
    Command::Skip {
        node: plan.nodes[step.node.at()].id.clone(),
        step: Some(step.id.clone()),
        reason: "r".into(),
    }
}

/// Every state that some reference story passes through.
fn states() -> Vec<(String, Run)> {
    let mut all = Vec::new();
    let stories: [(&str, &[(&str, Act)]); 5] = [
        ("good", &[]),
        ("fails", &[("web/shift-10000/do", Act::RefuseTouched)]),
        (
            "stuck",
            &[
                ("warm/run/do", Act::RefuseTouched),
                ("web/traffic/undo", Act::Refuse),
            ],
        ),
        (
            "lost",
            &[
                ("orders/stage/do", Act::LoseReply),
                ("warm/run/do", Act::Busy),
            ],
        ),
        ("preflight", &[("web/preflight/do", Act::Refuse)]),
    ];
    for (name, script) in stories {
        let stage = Stage::new(shop());
        for (call, act) in script {
            stage.platform.script(call, std::slice::from_ref(act));
        }
        stage.go();
        let lines = stage.journal.lines();
        for count in 1..=lines.len() {
            all.push((
                format!("{name} {count}"),
                refold(&stage.plan, &lines[..count]),
            ));
        }
    }
    all
}

fn refold(plan: &Arc<Plan>, lines: &[String]) -> Run {
    let events: Vec<RunEvent> = lines
        .iter()
        .map(|line| RunEvent::from_body(line).unwrap())
        .collect();
    let mut run = Run::begin(plan.clone(), &events[0]).unwrap();
    for event in &events[1..] {
        run.apply(event).unwrap();
    }
    run
}

#[test]
fn every_cell_is_taken_or_refused_with_a_sentence() {
    for (name, run) in states() {
        for command in commands(run.plan()) {
            let order = Order {
                by: Actor::named("bob"),
                command: command.clone(),
            };
            let input = Input::Steer {
                order,
                letter: None,
            };
            let mut next = run.clone();
            let events = turn(&mut next, &mut Bench::default(), &[input], run.changed_at())
                .unwrap_or_else(|error| panic!("{name}: {command:?}: {error}"));
            let Some(Happened::Steered(steered)) = events.first().map(|event| &event.what) else {
                panic!("{name}: {command:?} is not recorded");
            };
            assert!(!steered.message.is_empty(), "{name}: {command:?}");
            let always = matches!(command, Command::Abort { .. } | Command::Rollback { .. });
            if always {
                assert_eq!(
                    steered.ruling,
                    RulingWord::Accepted,
                    "{name}: {command:?}: {}",
                    steered.message
                );
            }
            if steered.ruling == RulingWord::Refused {
                // What else happens in the turn would have happened without the command.
                let refused = decide(
                    &run,
                    &mut Bench::default(),
                    &Input::Steer {
                        order: Order {
                            by: Actor::named("bob"),
                            command: command.clone(),
                        },
                        letter: None,
                    },
                    run.changed_at(),
                );
                assert_eq!(refused.len(), 1, "{name}: {command:?} is refused and acts");
            }
        }
    }
}

#[test]
fn an_abort_is_a_no_op_where_there_is_nothing_to_abort() {
    for (name, run) in states() {
        if !matches!(run.phase(), Phase::Ended(_) | Phase::Backward) {
            continue;
        }
        let order = Order {
            by: Actor::named("bob"),
            command: Command::Abort { reason: None },
        };
        let events = decide(
            &run,
            &mut Bench::default(),
            &Input::Steer {
                order,
                letter: None,
            },
            run.changed_at(),
        );
        assert_eq!(events.len(), 1, "{name}");
    }
}

#[test]
fn a_journal_folds_to_the_run_that_wrote_it() {
    let stage = Stage::new(shop());
    stage
        .platform
        .script("web/shift-10000/do", &[Act::RefuseTouched]);
    stage.go();
    let folded = stage.folded();
    let again = refold(&stage.plan, &stage.journal.lines());
    assert_eq!(folded, again);
    assert!(fold(stage.plan.clone(), &[]).is_err());
}
