//! Silences are set at the start and ended at the end, whatever happens between.

use std::{collections::BTreeMap, sync::Arc};

use gantry_model::{event::Outcome, plan::Plan, release::check::Silence, unit::Span};

use crate::{
    fakes::{Act, Crash},
    plans::{Node, plan},
    stage::Stage,
};

fn silent() -> Arc<Plan> {
    let mut plan = plan(&[Node::task("a", &[]), Node::task("b", &[0])]);
    plan.silences.push(Silence {
        connection: "alerts".parse().unwrap(),
        labels: BTreeMap::from([("service".into(), "a".into())]),
        lasting: Span::from_secs(3600),
    });
    Arc::new(plan)
}

fn assert_heard_again(stage: &Stage) {
    let signals = stage.platform.signals.lock().unwrap();
    assert!(signals.silences.is_empty(), "{}", stage.story());
    drop(signals);
    let kinds = stage.journal.kinds();
    let ended = kinds.iter().position(|kind| kind == "silence-ended");
    let finished = kinds.iter().position(|kind| kind == "finished");
    assert!(ended < finished && ended.is_some(), "{}", stage.story());
}

#[test]
fn a_silence_ends_with_the_release() {
    let stage = Stage::new(silent());
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert_eq!(stage.count("silence-set"), 1);
    assert_heard_again(&stage);
}

#[test]
fn a_silence_ends_with_a_rollback() {
    let stage = Stage::new(silent());
    stage.platform.script("b/run/do", &[Act::RefuseTouched]);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert_heard_again(&stage);
}

#[test]
fn a_silence_that_cannot_be_set_holds_nothing_up() {
    let stage = Stage::new(silent());
    stage.platform.signals.lock().unwrap().no_silences = true;
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert_eq!(stage.count("silence-ended"), 1);
}

#[test]
fn a_silence_outlives_no_crash() {
    let whole = Stage::new(silent());
    whole.go();
    for at in 2..=whole.journal.commits() {
        for crash in [Crash::Before(at), Crash::After(at)] {
            let stage = Stage::new(silent());
            stage.journal.crash(crash);
            if stage.go().is_none() {
                stage.resume();
            }
            let signals = stage.platform.signals.lock().unwrap();
            assert!(signals.silences.is_empty(), "{crash:?}\n{}", stage.story());
        }
    }
}
