//! The laws: silence is never a go, a mandatory no-go holds, a changed plan voids votes, nobody
//! approves what they wrote, and a freeze holds only what goes forward.

use gantry_model::{digest::Digest, id::RunId, journal::Head};
use gantry_readiness::{
    calendar::Period,
    entry::Signed,
    event::{Happened, Scope, TestResult, Vote},
    freeze::Freeze,
    house::House,
    request::Request,
    stage::Stage,
};
use proptest::prelude::*;

use crate::given::{World, agenda, at, person};

#[test]
fn silence_is_never_a_go() {
    let mut world = World::with(agenda());
    assert_eq!(
        world.reasons(&Stage::Start),
        [
            "pre-deployment/backup (dba) is not tested: backup is done",
            "QA has not voted",
            "Support has not voted",
        ]
    );
    world.pass(365 * 24 * 3600);
    assert!(!world.may_start(), "waiting changes nothing");
}

#[test]
fn a_release_starts_once_everything_is_said() {
    let mut world = World::with(agenda());
    world.all_go();
    assert!(world.may_start(), "{:?}", world.reasons(&Stage::Start));
}

fn vote() -> impl Strategy<Value = Option<Vote>> {
    prop_oneof![
        Just(None),
        Just(Some(Vote::Go)),
        Just(Some(Vote::NoGo)),
        Just(Some(Vote::Absent)),
        Just(Some(Vote::Delegated { to: "eve".into() })),
        Just(Some(Vote::Condition {
            item: "quiet".into(),
            check: None
        })),
    ]
}

proptest! {
    #[test]
    fn nothing_but_a_go_of_everybody_lets_a_release_start(
        ann in vote(),
        bob in vote(),
        ticked in any::<bool>(),
        wait in 0_i64..10_000,
    ) {
        let mut world = World::with(agenda());
        if ticked {
            world.tick("carl", "backup", TestResult::Pass).unwrap();
        }
        for (by, role, vote) in [("ann", "QA", &ann), ("bob", "Support", &bob)] {
            if let Some(vote) = vote {
                world.vote(by, role, vote.clone()).unwrap();
            }
        }
        world.pass(wait);
        let all = ticked && ann == Some(Vote::Go) && bob == Some(Vote::Go);
        prop_assert_eq!(world.may_start(), all);
    }
}

#[test]
fn a_mandatory_no_go_holds_whatever_the_others_say() {
    let mut asked = agenda();
    let poll = asked.poll.as_mut().unwrap();
    poll.quorum = Some(1);
    poll.positions[1].mandatory = true;
    let mut world = World::with(asked);
    world.all_go();
    world.vote("bob", "Support", Vote::NoGo).unwrap();
    assert_eq!(world.reasons(&Stage::Start), ["Support says no-go (bob)"]);
}

#[test]
fn a_changed_plan_voids_votes_and_says_which_change_did_it() {
    let mut world = World::with(agenda());
    world.all_go();
    world.present("2.5.0", agenda());
    let reasons = world.reasons(&Stage::Start);
    assert!(
        reasons.contains(&"QA has not voted".to_owned()),
        "{reasons:?}"
    );
    let why = "2 votes are void because the plan changed: orders goes to 2.5.0";
    assert!(reasons.contains(&why.to_owned()), "{reasons:?}");
    // The same plan once more changes nothing.
    world.vote("ann", "QA", Vote::Go).unwrap();
    world.vote("bob", "Support", Vote::Go).unwrap();
    world.present("2.5.0", agenda());
    assert!(world.may_start(), "{:?}", world.reasons(&Stage::Start));
}

#[test]
fn a_changed_poll_voids_votes_too() {
    let mut world = World::with(agenda());
    world.all_go();
    let mut fewer = agenda();
    fewer.poll.as_mut().unwrap().positions.pop();
    world.present("one", fewer);
    assert!(!world.may_start());
}

#[test]
fn a_vote_on_another_plan_counts_for_nothing() {
    let mut world = World::with(agenda());
    world.happen(
        "ann",
        Happened::Voted {
            stage: Stage::Start,
            role: "QA".into(),
            vote: Vote::Go,
            plan: Digest::of("another"),
            comment: None,
        },
    );
    assert!(world.preparation.votes.is_empty());
}

#[test]
fn nobody_votes_on_what_they_put_before_people() {
    let mut asked = agenda();
    asked.poll.as_mut().unwrap().positions[0]
        .voters
        .push("dana".into());
    let mut world = World::with(asked.clone());
    let refusal = world.vote("dana", "QA", Vote::Go).unwrap_err();
    assert!(
        refusal.to_string().contains("somebody else must"),
        "{refusal}"
    );
    asked.author = gantry_readiness::agenda::AuthorRule::MayVote;
    let mut world = World::with(asked);
    assert!(world.vote("dana", "QA", Vote::Go).is_ok());
}

#[test]
fn a_run_that_ended_used_its_votes_up() {
    let mut world = World::with(agenda());
    world.all_go();
    let run = RunId::new("shop-2.4".parse().unwrap(), 1);
    let plan = Digest::of("one");
    world.happen(
        "dana",
        Happened::RunStarted {
            run: run.clone(),
            plan,
            file: None,
        },
    );
    world.tick("dana", "backup", TestResult::Pass).unwrap();
    let outcome = "rolled-back".into();
    world.happen(
        "dana",
        Happened::RunEnded {
            run,
            outcome,
            head: Head::EMPTY,
        },
    );
    assert!(!world.may_start());
}

#[test]
fn an_override_needs_permission_and_a_reason_and_is_told() {
    let mut asked = agenda();
    let overrule = |reason: &str| Request::Override {
        stage: Stage::Start,
        reason: reason.into(),
    };
    let mut world = World::with(asked.clone());
    let refusal = world.ask("eve", overrule("fire")).unwrap_err();
    assert!(refusal.to_string().contains("nobody may"), "{refusal}");
    asked.may_override = vec!["eve".into()];
    let mut world = World::with(asked);
    assert!(world.ask("eve", overrule(" ")).is_err());
    world.ask("eve", overrule("fire")).unwrap();
    assert!(world.may_start());
    let agenda = &world.preparation.presented.as_ref().unwrap().agenda;
    let answer = gantry_readiness::gate::ask(
        agenda,
        (&world.preparation, &world.house),
        &Stage::Start,
        world.now,
    );
    assert!(answer.overridden[0].starts_with("eve went ahead although pre-deployment/backup"));
    // Only this gate: what comes later is asked again.
    assert!(world.preparation.overrides.contains_key(&Stage::Start));
    assert_eq!(world.preparation.overrides.len(), 1);
}

fn frozen(services: &[&str]) -> House {
    let freeze = Freeze {
        name: "advent".into(),
        reason: "the shop earns its year".into(),
        period: Period {
            opens: "2026-12-01T00:00".into(),
            closes: "2026-12-27T08:00".into(),
            timezone: "Europe/Berlin".parse().unwrap(),
            repeat: None,
        },
        scope: Scope {
            environments: vec!["production".parse().unwrap()],
            services: services.iter().map(|name| name.parse().unwrap()).collect(),
        },
        may_override: vec!["eve".into()],
    };
    House::fold(&[Signed {
        seq: 1,
        at: at("2026-11-01T00:00:00Z"),
        by: person("dana"),
        happened: Happened::FreezeDeclared {
            freeze: Box::new(freeze),
        },
    }])
}

#[test]
fn a_freeze_holds_the_start_and_each_crossing_but_not_declaring_good() {
    let mut world = World::with(agenda());
    world.all_go();
    world.house = frozen(&[]);
    let sentence = "freeze advent lasts until 2026-12-27 08:00 CET: the shop earns its year";
    assert_eq!(world.reasons(&Stage::Start), [sentence]);
    let crossing = Stage::Crossing("orders-db/contract".parse().unwrap());
    assert_eq!(world.reasons(&crossing), [sentence]);
    assert!(world.reasons(&Stage::Success).is_empty());
    world.house = frozen(&["payments"]);
    assert!(world.may_start(), "other services are frozen");
    world.house = frozen(&["orders"]);
    let freeze = "advent".to_owned();
    let reason = "hotfix".to_owned();
    let overrule = Request::OverrideFreeze { freeze, reason };
    assert!(world.ask("ann", overrule.clone()).is_err());
    world.ask("eve", overrule).unwrap();
    assert!(world.may_start());
}

#[test]
fn another_key_under_a_known_name_is_refused_with_a_sentence() {
    let house = House::fold(&[Signed {
        seq: 1,
        at: at("2026-11-01T00:00:00Z"),
        by: person("ann"),
        happened: Happened::KeyBound {
            name: "ann".into(),
            public: person("ann").key,
        },
    }]);
    assert!(house.recognise(&person("ann")).is_ok());
    let mut impostor = person("eve");
    impostor.name = "ann".into();
    let error = house.recognise(&impostor).unwrap_err();
    assert!(
        error.to_string().starts_with("ann signs with another key"),
        "{error}"
    );
}
