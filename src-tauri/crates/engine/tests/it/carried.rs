//! Evidence of an earlier run: starting again is no way around the judge.

use std::sync::Arc;

use gantry_engine::carry::carried;
use gantry_model::{
    event::{Happened, Outcome},
    plan::Plan,
    release::check::Profile,
    run::Run,
};

use crate::{
    judged::{canary, stage_of},
    signals::Source,
    stage::Stage,
};

const BAD: (f64, f64) = (40.0, 2.0);
const GOOD: (f64, f64) = (2.0, 2.0);

fn ran(stage: &Stage, outcome: Outcome) -> Run {
    assert_eq!(stage.outcome(), outcome, "{}", stage.story());
    stage.folded()
}

fn rolled_back() -> Run {
    let stage = stage_of(Arc::new(canary(|_| {})), Source::Well, BAD);
    ran(&stage, Outcome::RolledBack)
}

#[test]
fn a_change_that_was_stopped_is_stopped_again_by_what_is_known_of_it() {
    let earlier = rolled_back();
    let plan = Arc::clone(earlier.plan());
    let evidence = carried(&earlier, &plan);
    assert_eq!(evidence.len(), 1);
    let known = evidence[0].buckets.len();
    assert!(known > 0);
    let mut again = stage_of(plan, Source::Well, GOOD);
    again.at_start = evidence
        .into_iter()
        .map(|one| Happened::EvidenceCarried(Box::new(one)))
        .collect();
    let run = ran(&again, Outcome::RolledBack);
    assert_eq!(again.count("evidence-carried"), 1);
    assert_eq!(again.count("bake-measured"), 1, "{}", again.story());
    // The third try knows of both.
    let third = carried(&run, run.plan());
    assert_eq!(third[0].buckets.len(), known + 1);
}

#[test]
fn another_change_begins_without_evidence() {
    let earlier = rolled_back();
    let others: [fn(&mut Plan); 4] = [
        |plan| plan.release = "another".parse().unwrap(),
        |plan| plan.environment = "staging".parse().unwrap(),
        |plan| plan.nodes[0].service = "web".parse().unwrap(),
        |plan| plan.nodes[0].judge.as_mut().unwrap().profile = Profile::Fast,
    ];
    for change in others {
        let mut plan = canary(|_| {});
        change(&mut plan);
        assert_eq!(carried(&earlier, &plan), []);
    }
}

#[test]
fn a_change_that_succeeded_leaves_no_evidence() {
    let stage = stage_of(Arc::new(canary(|_| {})), Source::Well, GOOD);
    let earlier = ran(&stage, Outcome::Succeeded);
    assert_eq!(carried(&earlier, earlier.plan()), []);
}
