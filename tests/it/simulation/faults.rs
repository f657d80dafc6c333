//! Every fault that the simulation knows is met by a release, and none of them breaks a rule.

use gantry_engine::standing::Standing;
use gantry_model::unit::{Span, Weight};
use gantry_simulation::fault::{FaultMode, FaultRule};
use gantry_testkit::invariants::Honesty;

use super::{
    references::REFERENCES,
    rig::{Rig, run},
};

/// Every fault with a node of the first reference release that can meet it.
fn faults() -> Vec<(FaultMode, &'static str)> {
    let from = Weight::from_basis_points(2500).unwrap_or(Weight::FULL);
    let seconds = Span::from_secs;
    let after = Some(seconds(7));
    vec![
        (FaultMode::ConnectionRefused, "look"),
        (FaultMode::TimeoutUnsent, "look"),
        (FaultMode::ReplyLost, "warm"),
        (FaultMode::Reset, "orders"),
        (FaultMode::Rejected, "orders"),
        (FaultMode::CredentialsExpired, "look"),
        (FaultMode::RateLimited { after }, "look"),
        (FaultMode::Unavailable, "web"),
        (FaultMode::Slow { factor: 20.0 }, "mail"),
        (FaultMode::DeliveredTwice, "warm"),
        (FaultMode::LyingSuccess, "search"),
        (FaultMode::PartialSuccess { instances: 1 }, "search"),
        (FaultMode::StaleRead, "orders"),
        (FaultMode::LaggingRead { by: seconds(20) }, "orders"),
        (FaultMode::GarbledAnswer, "db"),
        (FaultMode::EndlessAnswer, "db"),
        (FaultMode::FlappingHealth, "web"),
        (FaultMode::TurnsBad { from }, "orders"),
        (FaultMode::CrashLoop { from }, "orders"),
        (FaultMode::NoData, "web"),
        (FaultMode::ExitStatus { status: 1 }, "warm"),
        (FaultMode::Vanishes, "warm"),
    ]
}

fn honesty(mode: &FaultMode) -> Honesty {
    match mode {
        FaultMode::LyingSuccess | FaultMode::PartialSuccess { .. } => Honesty::Lying,
        _ => Honesty::Honest,
    }
}

fn play(rules: Vec<FaultRule>) -> (Rig, Option<Standing>, String) {
    let rig = REFERENCES[0].rig_with_faults(rules);
    let (ended, story) = run(async { (rig.go(&[]).await.ok(), rig.story().await) });
    (rig, ended, story)
}

#[test]
fn every_fault_is_met_and_none_breaks_a_rule() {
    let (_, _, undisturbed) = play(Vec::new());
    for (mode, node) in faults() {
        let rule = FaultRule::on(node.parse().unwrap(), mode.clone());
        let (rig, ended, story) = play(vec![rule]);
        let met = rig.world.met().iter().any(|count| *count > 0) || story != undisturbed;
        assert!(met, "nobody meets {mode:?} at {node}");
        let over = matches!(ended, Some(Standing::Ended(_)));
        assert!(over, "{mode:?} at {node}: {ended:?}\n{story}");
        let violations = run(rig.violations(honesty(&mode)));
        assert!(
            violations.is_empty(),
            "{mode:?} at {node}: {violations:#?}\n{story}"
        );
    }
}
