//! Commits are counted: durability costs what it must and no more.

use gantry_engine::standing::Standing;
use gantry_model::{event::Outcome, unit::Span};

use crate::{
    plans::{chain, layered, wide},
    stage::Stage,
};

fn commits(plan: std::sync::Arc<gantry_model::plan::Plan>) -> u64 {
    let stage = Stage::new(plan);
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    stage.assert_nothing_twice();
    stage.journal.commits()
}

#[test]
fn a_chain_costs_one_commit_a_hop_and_two() {
    for count in [1, 10, 100] {
        let commits = commits(chain(count));
        assert!(commits <= count as u64 + 2, "{commits} commits for {count}");
    }
}

#[test]
fn a_fan_out_costs_the_same_however_wide() {
    for count in [1, 10, 1000] {
        let commits = commits(wide(count));
        assert!(commits <= 8, "{commits} commits for {count}");
    }
}

#[test]
fn layers_cost_two_commits_each_and_two() {
    for (layers, width) in [(3, 3), (10, 10), (33, 31)] {
        let commits = commits(layered(layers, width));
        assert!(
            commits <= 2 * layers as u64 + 2,
            "{commits} commits for {layers}"
        );
    }
}

#[test]
fn a_result_that_arrives_alone_is_committed_in_its_turn() {
    let stage = Stage::new(wide(3));
    for (at, step) in ["n00000/run/do", "n00001/run/do", "n00002/run/do"]
        .iter()
        .enumerate()
    {
        let span = Span::from_secs(at as u64 + 1);
        stage
            .platform
            .script(step, &[crate::fakes::Act::Apply(span)]);
    }
    assert_eq!(stage.go(), Some(Standing::Ended(Outcome::Succeeded)));
    // Start, preflights with the three starts, and one commit for each result.
    assert_eq!(stage.journal.commits(), 5, "{}", stage.story());
}
