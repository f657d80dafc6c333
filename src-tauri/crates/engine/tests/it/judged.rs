//! Judged bakes: what the judge's word does to a run, and that nothing but data makes it a pass.

use std::{collections::BTreeMap, sync::Arc};

use gantry_engine::standing::Standing;
use gantry_model::{
    command::Command,
    event::{Happened, JudgedStanding, Outcome, RunEvent},
    operation::SampleHealth,
    plan::{Action, Plan},
    release::{
        OnFailure,
        check::{Judge, OnInconclusive, Profile, Promote},
        metric::{Better, Metric, MetricKind},
        node::Kind,
    },
    unit::{Span, Weight},
};

use crate::{
    fakes::Crash,
    plans::{Node, plan},
    signals::Source,
    stage::{Stage, order_contains},
};

/// A change that is given a share, watched for twenty minutes, and then given to all.
pub(crate) fn canary(change: impl Fn(&mut Judge)) -> Plan {
    let mut node = Node::canary("flag", &[]);
    for (_, action, _) in &mut node.steps {
        if let Action::Bake { duration, .. } = action {
            *duration = Span::from_secs(20 * 60);
        }
    }
    let mut plan = plan(&[node]);
    let query = |text: &str| Some(format!("{text}{{arm=\"{{{{arm}}}}\"}}"));
    let metric = Metric {
        kind: MetricKind::Ratio,
        bad: query("bad"),
        total: query("total"),
        query: None,
        source: None,
        better: Better::Lower,
        tolerate: Some("0.5%".into()),
        never_above: Some("20%".into()),
        never_below: None,
        observe: false,
        critical: false,
    };
    plan.metrics = BTreeMap::from([("errors".parse().unwrap(), metric)]);
    let mut judge = Judge {
        source: "metrics".parse().unwrap(),
        metrics: vec!["errors".parse().unwrap()],
        profile: Profile::Safe,
        bucket: Span::from_secs(60),
        warm_up: None,
        promote: Promote::InTime,
        on_inconclusive: OnInconclusive::Hold,
    };
    change(&mut judge);
    // A flag has an old version without any preflight that saw one.
    plan.nodes[0].kind = Kind::Flag;
    plan.nodes[0].judge = Some(judge);
    plan
}

fn usual() -> Arc<Plan> {
    Arc::new(canary(|_| {}))
}

fn stage(source: Source, failing: (f64, f64)) -> Stage {
    stage_of(usual(), source, failing)
}

pub(crate) fn stage_of(plan: Arc<Plan>, source: Source, failing: (f64, f64)) -> Stage {
    let stage = Stage::new(plan);
    {
        let mut signals = stage.platform.signals.lock().unwrap();
        signals.source = source;
        signals.failing = failing;
    }
    stage
}

fn events(stage: &Stage) -> Vec<RunEvent> {
    let lines = stage.journal.lines();
    lines
        .iter()
        .map(|line| RunEvent::from_body(line).unwrap())
        .collect()
}

fn standings(stage: &Stage) -> Vec<JudgedStanding> {
    let events = events(stage).into_iter();
    let judged = events.filter_map(|event| match event.what {
        Happened::BakeJudged(judged) => Some(judged.standing),
        _ => None,
    });
    judged.collect()
}

/// The buckets and verdicts, without the number and time of their entries.
fn evidence(stage: &Stage) -> Vec<String> {
    let told = events(stage)
        .into_iter()
        .filter_map(|event| match event.what {
            Happened::BakeMeasured { bucket, .. } => Some(format!("{bucket:?}")),
            Happened::BakeJudged(judged) => Some(format!("{judged:?}")),
            _ => None,
        });
    told.collect()
}

#[track_caller]
fn waits(standing: Option<Standing>, stage: &Stage) -> String {
    match standing {
        Some(Standing::WaitsForPerson(sentence)) => sentence,
        other => panic!("{other:?}\n{}", stage.story()),
    }
}

fn was_promoted(stage: &Stage) -> bool {
    order_contains(stage, "flag/shift-10000")
}

#[test]
fn a_good_version_passes_and_the_bake_runs_its_declared_time() {
    let stage = stage(Source::Well, (2.0, 2.0));
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    // Two minutes of warm-up are not measured.
    assert_eq!(stage.count("bake-measured"), 18);
    assert_eq!(standings(&stage).last(), Some(&JudgedStanding::Pass));
    let watched = events(&stage)
        .into_iter()
        .find(|event| matches!(&event.what, Happened::StepSucceeded { place, .. } if place.step.name() == "bake-500"))
        .unwrap();
    let Happened::StepSucceeded { evidence, .. } = watched.what else {
        unreachable!()
    };
    assert!(
        evidence.summary.contains("errors ×"),
        "{}",
        evidence.summary
    );
    assert!(
        evidence.summary.contains("0.5 % tolerated"),
        "{}",
        evidence.summary
    );
}

#[test]
fn a_bad_version_is_rolled_back_within_a_few_buckets() {
    let stage = stage(Source::Well, (40.0, 2.0));
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert!(!was_promoted(&stage));
    assert!(stage.count("bake-measured") <= 5, "{}", stage.story());
    assert_eq!(standings(&stage), [JudgedStanding::Fail]);
    let story = stage.story();
    assert!(story.contains(r#""cause":"judge""#), "{story}");
    assert!(story.contains(r#""trigger":"judge""#), "{story}");
}

#[test]
fn an_incident_that_both_versions_share_rolls_nothing_back() {
    let stage = stage(Source::Well, (100.0, 100.0));
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
}

#[test]
fn an_old_version_that_is_unwell_itself_holds_and_never_rolls_back() {
    let stage = stage(Source::Well, (400.0, 400.0));
    let sentence = waits(stage.go(), &stage);
    assert!(sentence.contains("old version itself"), "{sentence}");
    assert!(!was_promoted(&stage));
    assert_eq!(stage.count("rollback-started"), 0);
}

#[test]
fn a_limit_that_only_the_new_version_crosses_fails_as_a_guardrail() {
    let stage = stage(Source::Well, (900.0, 1.0));
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert!(
        stage.story().contains(r#""cause":"guardrail""#),
        "{}",
        stage.story()
    );
}

#[test]
fn nothing_but_data_is_ever_a_pass() {
    for source in [
        Source::Down,
        Source::Empty,
        Source::NoBaseline,
        Source::Gaps,
        Source::NoTraffic,
    ] {
        let stage = stage(source, (2.0, 2.0));
        waits(stage.go(), &stage);
        assert!(!was_promoted(&stage), "{source:?}\n{}", stage.story());
        assert!(
            !standings(&stage).contains(&JudgedStanding::Pass),
            "{source:?}"
        );
    }
}

#[test]
fn points_that_come_late_are_waited_for() {
    let stage = stage(Source::Late(Span::from_secs(90)), (2.0, 2.0));
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert!(!stage.story().contains("no point in this bucket"));
}

#[test]
fn points_that_never_come_in_time_are_missing() {
    let stage = stage(Source::Late(Span::from_secs(300)), (2.0, 2.0));
    waits(stage.go(), &stage);
    assert!(!was_promoted(&stage));
}

#[test]
fn a_source_that_comes_back_is_asked_for_what_was_missed() {
    let stage = stage(Source::Down, (2.0, 2.0));
    let sentence = waits(stage.go(), &stage);
    assert!(sentence.contains("502"), "{sentence}");
    stage.platform.signals.lock().unwrap().source = Source::Well;
    let standing = stage.accepted("bob", Command::Resume { node: None });
    assert_eq!(
        standing,
        Standing::Ended(Outcome::Succeeded),
        "{}",
        stage.story()
    );
    assert!(stage.count("bake-measured") >= 18);
}

#[test]
fn whoever_resumes_what_the_judge_holds_lets_it_be_watched_on() {
    let stage = stage(Source::NoTraffic, (2.0, 2.0));
    waits(stage.go(), &stage);
    let before = stage.count("bake-measured");
    let standing = stage.accepted("bob", Command::Resume { node: None });
    assert!(matches!(standing, Standing::WaitsForPerson(_)));
    assert_eq!(stage.count("bake-extended"), 1);
    assert!(stage.count("bake-measured") >= before + 5);
}

#[test]
fn a_person_may_promote_what_the_judge_holds() {
    let stage = stage(Source::NoTraffic, (2.0, 2.0));
    let sentence = waits(stage.go(), &stage);
    assert!(sentence.contains("approve judge"), "{sentence}");
    let approve = Command::Approve {
        gate: Some("judge".parse().unwrap()),
        node: None,
        note: Some("nobody uses it at night".into()),
    };
    let standing = stage.accepted("bob", approve);
    assert_eq!(
        standing,
        Standing::Ended(Outcome::Succeeded),
        "{}",
        stage.story()
    );
    assert!(stage.story().contains("promoted by bob"));
}

#[test]
fn the_file_may_say_what_an_open_verdict_does() {
    let plan = canary(|judge| judge.on_inconclusive = OnInconclusive::Extend);
    let extending = stage_of(Arc::new(plan), Source::NoTraffic, (2.0, 2.0));
    waits(extending.go(), &extending);
    assert_eq!(extending.count("bake-extended"), 4);
    let plan = canary(|judge| judge.on_inconclusive = OnInconclusive::Rollback);
    let rolling = stage_of(Arc::new(plan), Source::NoTraffic, (2.0, 2.0));
    assert_eq!(
        rolling.outcome(),
        Outcome::RolledBack,
        "{}",
        rolling.story()
    );
    assert!(rolling.story().contains(r#""cause":"inconclusive""#));
}

#[test]
fn an_open_verdict_may_go_on_to_a_larger_share_but_never_blindly_and_never_to_the_end() {
    let proceeding = || canary(|judge| judge.on_inconclusive = OnInconclusive::Proceed);
    let blind = stage_of(Arc::new(proceeding()), Source::NoTraffic, (2.0, 2.0));
    waits(blind.go(), &blind);
    let mut short = proceeding();
    let half = Weight::from_basis_points(5000).unwrap();
    for step in &mut short.steps {
        match &mut step.action {
            Action::Bake { duration, .. } => *duration = Span::from_secs(6 * 60),
            Action::Soak { .. } => {
                let duration = Span::from_secs(20 * 60);
                step.action = Action::Bake {
                    weight: half,
                    duration,
                };
            }
            _ => {}
        }
    }
    let open = stage_of(Arc::new(short.clone()), Source::Well, (2.0, 2.0));
    assert_eq!(open.outcome(), Outcome::Succeeded, "{}", open.story());
    assert!(
        open.story().contains("on to a larger share"),
        "{}",
        open.story()
    );
    for step in &mut short.steps {
        if let Action::Bake { duration, .. } = &mut step.action {
            *duration = Span::from_secs(3 * 60);
        }
    }
    let last = stage_of(Arc::new(short), Source::Well, (2.0, 2.0));
    let sentence = waits(last.go(), &last);
    assert!(last.story().contains("on to a larger share"), "{sentence}");
}

#[test]
fn an_early_pass_goes_on_at_once_only_where_the_file_says_so() {
    let plan = canary(|judge| judge.promote = Promote::Early);
    let early = stage_of(Arc::new(plan), Source::Well, (2.0, 2.0));
    assert_eq!(early.outcome(), Outcome::Succeeded, "{}", early.story());
    assert!(early.count("bake-measured") < 18, "{}", early.story());
}

#[test]
fn health_is_looked_at_beside_the_judge() {
    let stage = stage(Source::Well, (2.0, 2.0));
    let mut state = stage.platform.state.lock().unwrap();
    state
        .looks
        .insert("flag/bake-500".into(), SampleHealth::Unhealthy);
    drop(state);
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert!(stage.story().contains(r#""cause":"unhealthy""#));
}

#[test]
fn evidence_stands_when_the_same_version_is_tried_again() {
    let mut plan = canary(|_| {});
    plan.nodes[0].on_failure = OnFailure::Hold;
    let stage = stage_of(Arc::new(plan), Source::Well, (40.0, 2.0));
    waits(stage.go(), &stage);
    let before = stage.count("bake-measured");
    stage.platform.signals.lock().unwrap().failing = (2.0, 2.0);
    let retry = Command::Retry {
        node: "flag".parse().unwrap(),
    };
    let standing = stage.accepted("bob", retry);
    assert!(matches!(standing, Standing::WaitsForPerson(_)));
    assert_eq!(
        stage.count("bake-measured"),
        before + 1,
        "{}",
        stage.story()
    );
}

#[test]
fn a_crash_at_any_write_leads_to_the_same_buckets_and_the_same_verdict() {
    for failing in [(2.0, 2.0), (12.0, 2.0)] {
        let whole = stage(Source::Well, failing);
        whole.go();
        let (commits, expected) = (whole.journal.commits(), evidence(&whole));
        for at in (2..=commits).step_by(3) {
            for crash in [Crash::Before(at), Crash::After(at)] {
                let stage = stage(Source::Well, failing);
                stage.journal.crash(crash);
                if stage.go().is_none() {
                    stage.resume();
                }
                let told = evidence(&stage);
                assert!(same(&expected, &told), "{crash:?}\n{}", stage.story());
            }
        }
    }
}

/// A crash may move a bake by a moment, so that buckets differ in their times and nothing else.
fn same(one: &[String], other: &[String]) -> bool {
    let word = |told: &String| told.contains("Judged {");
    let verdicts = |all: &[String]| all.iter().filter(|told| word(told)).count();
    let buckets = |all: &[String]| all.len() - verdicts(all);
    one == other || (verdicts(one) == verdicts(other) && buckets(one).abs_diff(buckets(other)) <= 1)
}

#[test]
fn a_driver_that_was_dead_asks_for_the_buckets_that_it_missed() {
    let stage = stage(Source::Well, (2.0, 2.0));
    stage.journal.crash(Crash::After(12));
    assert!(stage.go().is_none(), "{}", stage.story());
    let before = stage.count("bake-measured");
    assert!(before < 10, "{before}");
    // Nobody drives for half an hour.
    stage.clock.jump(30 * 60 * 1000);
    let standing = stage.resume();
    assert_eq!(
        standing,
        Some(Standing::Ended(Outcome::Succeeded)),
        "{}",
        stage.story()
    );
    assert_without_gaps(&stage);
}

fn assert_without_gaps(stage: &Stage) {
    let mut last = None;
    for event in events(stage) {
        if let Happened::BakeMeasured { bucket, .. } = event.what {
            assert!(
                last.is_none_or(|last| last == bucket.from),
                "{}",
                stage.story()
            );
            last = Some(bucket.until);
        }
    }
}

#[test]
fn a_sleep_of_eight_hours_is_measured_and_does_not_shorten_the_bake() {
    let stage = stage(Source::Well, (2.0, 2.0));
    stage.platform.signals.lock().unwrap().jump = Some((5, 8 * 60 * 60 * 1000));
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert_eq!(stage.count("clock-jumped"), 1);
    assert_eq!(stage.count("bake-measured"), 18 + 8 * 60);
    assert_without_gaps(&stage);
}

/// Seeds of simulated releases whose clock was set ten years on asked for thirty million buckets.
#[test]
fn a_clock_that_is_set_years_on_is_caught_up_with_for_hours_only() {
    let stage = stage(Source::Well, (2.0, 2.0));
    let ten_years = 315_360_000_000;
    stage.platform.signals.lock().unwrap().jump = Some((5, ten_years));
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    assert_eq!(stage.count("clock-jumped"), 1);
    let measured = stage.count("bake-measured");
    assert!((720..740).contains(&measured), "{measured}");
}

#[test]
fn harm_that_began_while_the_machine_slept_is_found_before_any_promotion() {
    let stage = stage(Source::Well, (40.0, 2.0));
    {
        let mut signals = stage.platform.signals.lock().unwrap();
        signals.jump = Some((1, 8 * 60 * 60 * 1000));
    }
    assert_eq!(stage.outcome(), Outcome::RolledBack, "{}", stage.story());
    assert!(!was_promoted(&stage));
}

#[test]
fn a_source_without_history_makes_the_bake_longer_by_the_gap() {
    let stage = stage(Source::NoHistory, (2.0, 2.0));
    stage.platform.signals.lock().unwrap().jump = Some((5, 8 * 60 * 60 * 1000));
    assert_eq!(stage.outcome(), Outcome::Succeeded, "{}", stage.story());
    let measured = stage.count("bake-measured");
    assert!((14..=30).contains(&measured), "{measured}");
}

#[test]
fn the_same_world_gives_the_same_journal() {
    let told = |_| {
        let stage = stage(Source::Gaps, (9.0, 2.0));
        stage.go();
        stage.story()
    };
    assert_eq!(told(1), told(2));
}
