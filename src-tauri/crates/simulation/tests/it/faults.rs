use gantry_model::{
    platform::FlagState,
    unit::{Span, Weight},
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
};
use gantry_simulation::{
    fault::{FaultMode, FaultPlan, FaultRule},
    world::{Settings, World},
};
use gantry_testkit::conformance::call;

use crate::conformance::{plan, run};

const ON: FlagState = FlagState {
    on: true,
    share: Weight::FULL,
};

/// Sets a flag once under a fault, and tells the answer and whether it was really set.
fn set_under(mode: FaultMode) -> (Result<FlagState, Fault>, bool) {
    let plan = plan();
    let rule = FaultRule {
        node: None,
        ..FaultRule::on("look".parse().unwrap(), mode)
    };
    let faults = FaultPlan { rules: vec![rule] };
    let world = World::from_plan(
        &plan,
        Settings {
            faults,
            ..Settings::default()
        },
    );
    let flags = world.ports().flags.remove(&"sim".parse().unwrap()).unwrap();
    let index = plan.node(&"look".parse().unwrap()).unwrap();
    let flag = plan.nodes[index.at()].flag.clone().unwrap();
    let call = call("set", world.clock().now()).unwrap();
    let answer = run(flags.set(&call, &flag, ON));
    (answer, !world.snapshot().flags.is_empty())
}

#[test]
fn each_fault_says_what_is_known_and_does_what_it_says() {
    let busy = |after| FaultKind::Busy { after };
    let after = Some(Span::from_secs(7));
    for (mode, kind, done) in [
        (FaultMode::ConnectionRefused, FaultKind::Unsent, false),
        (FaultMode::TimeoutUnsent, FaultKind::Lost, false),
        (FaultMode::ReplyLost, FaultKind::Lost, true),
        (FaultMode::GarbledAnswer, FaultKind::Lost, true),
        (FaultMode::EndlessAnswer, FaultKind::Lost, true),
        (FaultMode::Rejected, FaultKind::Refused, false),
        (FaultMode::CredentialsExpired, FaultKind::Refused, false),
        (FaultMode::RateLimited { after }, busy(after), false),
        (FaultMode::Unavailable, busy(None), false),
    ] {
        let (answer, is_done) = set_under(mode.clone());
        assert_eq!(answer.unwrap_err().kind, kind, "{mode:?}");
        assert_eq!(is_done, done, "{mode:?}");
    }
}

#[test]
fn a_liar_says_yes_and_does_nothing() {
    let (answer, done) = set_under(FaultMode::LyingSuccess);
    assert_eq!((answer, done), (Ok(ON), false));
}

#[test]
fn what_is_delivered_twice_is_done_once() {
    let (answer, done) = set_under(FaultMode::DeliveredTwice);
    assert_eq!((answer, done), (Ok(ON), true));
}

#[test]
fn a_platform_that_lags_shows_the_old_state_until_it_has_settled() {
    let by = Span::from_secs(20);
    let (plan, rule) = (plan(), |mode| FaultRule::on("look".parse().unwrap(), mode));
    let rules = vec![rule(FaultMode::LaggingRead { by })];
    let faults = FaultPlan { rules };
    let world = World::from_plan(
        &plan,
        Settings {
            faults,
            ..Settings::default()
        },
    );
    let flags = world.ports().flags.remove(&"sim".parse().unwrap()).unwrap();
    let index = plan.node(&"look".parse().unwrap()).unwrap();
    let flag = plan.nodes[index.at()].flag.clone().unwrap();
    // The step's node is what the platform lags for.
    let mut call = call("set", world.clock().now()).unwrap();
    call.step = "look/set".parse().unwrap();
    assert_eq!(run(flags.set(&call, &flag, ON)), Ok(ON));
    let seen = run(flags.observe(&flag)).unwrap();
    assert_ne!(seen, Some(ON), "it lags");
    world.clock().pass(by);
    assert_eq!(run(flags.observe(&flag)), Ok(Some(ON)), "it has settled");
}
