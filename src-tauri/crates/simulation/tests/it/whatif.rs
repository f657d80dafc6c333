use gantry_model::operation::Direction;
use gantry_simulation::{
    fault::FaultMode,
    whatif::{Fail, InvalidWhatIf, Slow},
};

use crate::conformance::plan;

#[test]
fn what_shall_fail_is_read_from_words() {
    let fail: Fail = "web@25%".parse().unwrap();
    let rules = fail.rules(&plan()).unwrap();
    assert_eq!(
        rules[0].mode,
        FaultMode::TurnsBad {
            from: "25%".parse().unwrap()
        }
    );

    let fail: Fail = "web:stage".parse().unwrap();
    let rules = fail.rules(&plan()).unwrap();
    assert_eq!(
        (rules[0].step.as_deref(), rules[0].direction),
        (Some("stage"), Some(Direction::Do))
    );
}

#[test]
fn what_is_not_in_the_plan_is_said() {
    let nobody: Fail = "nobody".parse().unwrap();
    assert!(matches!(
        nobody.rules(&plan()),
        Err(InvalidWhatIf::NoSuchNode(_))
    ));
    let nothing: Fail = "web:jump".parse().unwrap();
    let error = nothing.rules(&plan()).unwrap_err().to_string();
    assert!(error.contains("preflight, stage, shift-2500"), "{error}");
}

#[test]
fn nonsense_is_refused() {
    for text in ["", "web:", "web@", "web@many", "We b"] {
        assert!(text.parse::<Fail>().is_err(), "{text}");
    }
    for text in ["", "web", "web=", "web=×0", "web=-1", "web=NaN", "=3"] {
        assert!(text.parse::<Slow>().is_err(), "{text}");
    }
}

#[test]
fn three_ways_to_write_slow_mean_the_same() {
    for text in ["web=×3", "web=x3", "web=3"] {
        let slow: Slow = text.parse().unwrap();
        assert!((slow.factor - 3.0).abs() < f64::EPSILON, "{text}");
    }
}
