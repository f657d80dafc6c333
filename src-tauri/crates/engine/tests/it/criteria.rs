//! Success criteria: asked last, and what does not hold waits for a person.

use gantry_engine::standing::Standing;
use gantry_model::{
    command::Command,
    event::Outcome,
    operation::{Direction, SampleHealth},
    release::check::{Check, Criterion},
};

use crate::{
    fakes::Crash,
    plans::{plan, shop_nodes},
    stage::{Stage, order},
};

fn criterion(id: &str, program: Option<&str>) -> Criterion {
    let check = program.map(|program| Check {
        exec: Some(vec![program.into()]),
        ..Check::default()
    });
    Criterion {
        id: id.into(),
        item: format!("{id} holds"),
        check,
    }
}

/// A shop that asks whether errors are few, and, where a person is wanted, whether it is quiet.
fn asking(criteria: Vec<Criterion>) -> Stage {
    let mut plan = plan(&shop_nodes());
    plan.success = criteria;
    Stage::new(plan.into())
}

fn errors(stage: &Stage, health: SampleHealth) {
    let mut state = stage.platform.state.lock().unwrap();
    state.looks.insert("success/errors".into(), health);
}

fn approve(gate: Option<&str>) -> Command {
    Command::Approve {
        gate: gate.map(|gate| gate.parse().unwrap()),
        node: None,
        note: Some("nobody called".into()),
    }
}

/// Goes until only a person can move it, and gives the sentence.
fn held(stage: &Stage) -> String {
    match stage.go() {
        Some(Standing::WaitsForPerson(sentence)) => sentence,
        other => panic!("{other:?}\n{}", stage.story()),
    }
}

#[test]
fn criteria_that_hold_are_looked_at_once_behind_the_last_node_and_the_run_succeeds() {
    let stage = asking(vec![criterion("errors", Some("look"))]);
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    let kinds = stage.journal.kinds();
    let met = kinds.iter().position(|kind| kind == "criterion-met");
    let soaked = stage
        .journal
        .lines()
        .iter()
        .rposition(|line| line.contains("step-succeeded") && !line.contains("/retire"));
    assert!(met > soaked, "{}", stage.story());
    assert_eq!(stage.count("criterion-met"), 1);
}

#[test]
fn an_unmet_criterion_holds_the_run_and_resume_looks_again() {
    let stage = asking(vec![criterion("errors", Some("look"))]);
    errors(&stage, SampleHealth::Unhealthy);
    let sentence = held(&stage);
    assert!(sentence.contains("errors"), "{sentence}");
    assert!(sentence.contains("approve success"), "{sentence}");
    let resume = || Command::Resume { node: None };
    let again = stage.accepted("bob", resume());
    assert!(matches!(again, Standing::WaitsForPerson(_)), "{again:?}");
    assert_eq!(stage.count("criterion-unmet"), 2);
    errors(&stage, SampleHealth::Healthy);
    let good = stage.accepted("bob", resume());
    assert_eq!(good, Standing::Ended(Outcome::Succeeded));
    stage.assert_nothing_twice();
}

#[test]
fn what_nobody_but_a_person_can_see_is_accepted_by_a_person() {
    for gate in [Some("success"), None] {
        let stage = asking(vec![
            criterion("errors", Some("look")),
            criterion("quiet", None),
        ]);
        let sentence = held(&stage);
        assert!(sentence.contains("quiet: only a person"), "{sentence}");
        assert!(!sentence.contains("errors"), "{sentence}");
        let good = stage.accepted("dana", approve(gate));
        assert_eq!(good, Standing::Ended(Outcome::Succeeded));
        let story = stage.story();
        assert!(
            story.contains(r#""criterion":"quiet","by":"dana""#),
            "{story}"
        );
    }
}

#[test]
fn a_run_held_by_its_criteria_can_still_be_rolled_back() {
    let stage = asking(vec![criterion("quiet", None)]);
    held(&stage);
    let back = Command::Rollback {
        node: None,
        reason: None,
    };
    let ended = stage.accepted("bob", back);
    assert_eq!(
        ended,
        Standing::Ended(Outcome::RolledBack),
        "{}",
        stage.story()
    );
    assert!(!order(&stage, Direction::Undo).is_empty());
}

#[test]
fn a_crash_at_any_write_loses_no_criterion() {
    let straight = asking(vec![criterion("errors", Some("look"))]);
    assert_eq!(straight.outcome(), Outcome::Succeeded);
    let writes = straight.journal.lines().len() as u64;
    for write in 2..writes {
        let stage = asking(vec![criterion("errors", Some("look"))]);
        stage.journal.crash(Crash::After(write));
        let standing = match stage.go() {
            None => stage.resume(),
            ended => ended,
        };
        let good = Some(Standing::Ended(Outcome::Succeeded));
        assert_eq!(standing, good, "write {write}\n{}", stage.story());
        assert_eq!(stage.count("criterion-met"), 1, "write {write}");
    }
}

#[test]
fn criteria_are_accepted_only_once_they_are_asked() {
    let mut plan = plan(&shop_nodes());
    plan.success = vec![criterion("quiet", None)];
    let stage = Stage::new(plan.into());
    let script = [crate::fakes::Act::Refuse];
    stage.platform.script("warm/run/do", &script);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert_eq!(stage.count("criterion-unmet"), 0, "nothing was asked");
    let sentence = stage.refused("dana", approve(Some("success")));
    assert!(sentence.contains("ended"), "{sentence}");
}

#[test]
fn criteria_that_share_an_id_are_held_by_the_one_that_does_not_hold() {
    let stage = asking(vec![
        criterion("errors", None),
        criterion("errors", Some("look")),
    ]);
    held(&stage);
    let good = stage.accepted("dana", approve(None));
    assert_eq!(good, Standing::Ended(Outcome::Succeeded));
}
