use gantry_model::{
    operation::{Sighting, Work},
    plan::{Action, StepIndex},
};
use gantry_port::fault::FaultKind;
use gantry_simulation::{
    fault::{Access, FaultMode, FaultPlan, FaultRule},
    world::Settings,
};
use gantry_testkit::draft::{Draft, blue_green, canary, recreate, rolling};

use crate::walk::{Walk, run};

fn draft(strategy: serde_json::Value) -> Draft {
    let draft = Draft::new("r").app("web", &[], strategy);
    draft.flag("look", &[]).schema("db", &[]).task("warm", &[])
}

fn only_looks(action: &Action) -> bool {
    matches!(
        action,
        Action::Preflight
            | Action::Verify
            | Action::VerifyData
            | Action::Preview
            | Action::Bake { .. }
            | Action::Soak { .. }
    )
}

#[test]
fn what_was_done_is_seen_to_be_done_and_what_was_not_is_not() {
    for strategy in [canary(), blue_green(), rolling(), recreate()] {
        let mut walk = Walk::new(draft(strategy), Settings::default());
        for place in 0..walk.plan.steps.len() {
            let index = StepIndex(place as u32);
            let step = walk.plan.steps[place].clone();
            if step.action == Action::Preflight {
                run(walk.step(index)).unwrap();
                continue;
            }
            let before = run(walk.observe(Work::Do(index))).unwrap();
            // Where the old version is stopped on the way, there is nothing left to retire.
            if !matches!(step.action, Action::Retire { .. }) {
                assert_eq!(before, Sighting::NotApplied, "{}", step.id);
            }
            run(walk.step(index)).unwrap();
            let after = run(walk.observe(Work::Do(index))).unwrap();
            let applied = matches!(after, Sighting::Applied { .. });
            assert_eq!(applied, !only_looks(&step.action), "{}: {after:?}", step.id);
        }
    }
}

#[test]
fn what_was_compared_with_is_looked_for_too_before_a_removal_counts_as_done() {
    let equal = serde_json::json!({ "canary": {
        "steps": ["25%", "100%"], "bake": "1m", "replicas": 1, "baseline": "equal" } });
    let draft = Draft::new("r").app("web", &[], equal);
    // The new version goes, and the answer of the next call is lost on the way.
    let rule = FaultRule::on("web".parse().unwrap(), FaultMode::TimeoutUnsent)
        .at_step("remove-new")
        .meeting(Access::Change);
    let faults = FaultPlan {
        rules: vec![rule.after(2, 1)],
    };
    let mut walk = Walk::new(
        draft,
        Settings {
            faults,
            ..Settings::default()
        },
    );
    run(walk.forward_to("web/stage-baseline")).unwrap();
    let touched = walk.index("web/stage-baseline");
    let remove = walk.actions(|step| step <= touched).pop().unwrap();
    run(walk.undo(&remove)).unwrap_err();
    let work = || Work::Undo(std::sync::Arc::new(remove.clone()));
    assert_eq!(run(walk.observe(work())), Ok(Sighting::NotApplied));
    run(walk.undo(&remove)).unwrap();
    let seen = run(walk.observe(work())).unwrap();
    assert!(matches!(seen, Sighting::Applied { .. }), "{seen:?}");
}

#[test]
fn a_lost_reply_is_observed_as_done_and_repeating_changes_nothing() {
    let rule = FaultRule {
        node: None,
        ..FaultRule::on("web".parse().unwrap(), FaultMode::ReplyLost)
    };
    for strategy in [canary(), blue_green(), rolling(), recreate()] {
        let steps = Walk::new(draft(strategy.clone()), Settings::default())
            .plan
            .steps
            .len();
        for place in 0..steps {
            let mut walk = Walk::new(draft(strategy.clone()), Settings::default());
            let step = walk.plan.steps[place].clone();
            let rule = rule
                .clone()
                .at_step(step.id.name())
                .meeting(Access::Change)
                .after(0, 1);
            let faults = FaultPlan { rules: vec![rule] };
            walk = Walk::new(
                draft(strategy.clone()),
                Settings {
                    faults,
                    ..Settings::default()
                },
            );
            for earlier in 0..place {
                run(walk.step(StepIndex(earlier as u32))).unwrap_or_default();
            }
            let index = StepIndex(place as u32);
            let Err(fault) = run(walk.step(index)) else {
                continue;
            };
            assert_eq!(fault.kind, FaultKind::Lost, "{}", step.id);
            let seen = run(walk.observe(Work::Do(index))).unwrap();
            if seen == Sighting::NotApplied {
                run(walk.step(index)).unwrap_or_else(|fault| panic!("{}: {fault}", step.id));
            }
            let ledger = walk.world.ledger().len();
            run(walk.step(index)).unwrap();
            assert_eq!(walk.world.ledger().len(), ledger, "{}", step.id);
        }
    }
}

#[test]
fn a_program_that_vanished_is_unknown_unless_it_may_be_repeated() {
    for (idempotent, expected) in [(true, "not-applied"), (false, "unknown")] {
        let rule = FaultRule::on("warm".parse().unwrap(), FaultMode::Vanishes);
        let draft = Draft::new("r").task("warm", &[]);
        let draft = draft.also("warm", serde_json::json!({ "idempotent": idempotent }));
        let faults = FaultPlan { rules: vec![rule] };
        let mut walk = Walk::new(
            draft,
            Settings {
                faults,
                ..Settings::default()
            },
        );
        let fault = run(walk.forward_to("warm/run")).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Lost);
        let seen = run(walk.observe(Work::Do(walk.index("warm/run")))).unwrap();
        let word = serde_json::to_value(&seen).unwrap();
        assert_eq!(word["seen"], expected);
    }
}
