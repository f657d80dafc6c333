//! Items: results, freshness, waivers, assignment.

use gantry_model::{release::check::Check, unit::Span};
use gantry_readiness::{
    event::{Source, TestResult},
    request::Request,
    stage::Stage,
};

use crate::given::{World, agenda, at, item};

fn waive(world: &mut World, by: &str) {
    let waive = Request::Waive {
        item: "backup".into(),
        reason: "the disk is new".into(),
        risk: "an hour of orders".into(),
        expires: at("2026-12-01T14:00:00Z"),
    };
    world.ask(by, waive).unwrap();
}

fn backup_is_missing(world: &World) -> bool {
    world
        .reasons(&Stage::Start)
        .iter()
        .any(|reason| reason.starts_with("pre-deployment/backup"))
}

#[test]
fn a_result_grows_stale() {
    let mut asked = agenda();
    asked.lists[0].items[0].fresh = Some(Span::from_secs(3600));
    let mut world = World::with(asked);
    world.tick("carl", "backup", TestResult::Pass).unwrap();
    world.pass(3600);
    assert!(!backup_is_missing(&world));
    world.pass(1);
    let reasons = world.reasons(&Stage::Start);
    assert!(
        reasons[0].contains("not tested since 2026-12-01 12:00:00Z"),
        "{reasons:?}"
    );
}

#[test]
fn a_waiver_needs_somebody_else_and_ends() {
    let mut world = World::with(agenda());
    waive(&mut world, "carl");
    assert!(backup_is_missing(&world), "nobody has approved it");
    let approve = Request::ApproveWaiver {
        item: "backup".into(),
    };
    let refusal = world.ask("carl", approve.clone()).unwrap_err();
    assert!(
        refusal.to_string().contains("somebody else must"),
        "{refusal}"
    );
    assert!(
        world.ask("dana", approve.clone()).is_err(),
        "the author may not"
    );
    world.ask("eve", approve).unwrap();
    assert!(!backup_is_missing(&world));
    world.pass(2 * 3600);
    assert!(backup_is_missing(&world), "it has expired");
}

#[test]
fn a_failed_item_holds_and_an_optional_one_does_not() {
    let mut asked = agenda();
    asked.lists[0]
        .items
        .push(gantry_model::release::people::Item {
            required: false,
            ..item("banner")
        });
    let mut world = World::with(asked);
    world.all_go();
    world.tick("carl", "banner", TestResult::Fail).unwrap();
    assert!(world.may_start());
    world.tick("carl", "backup", TestResult::Fail).unwrap();
    let reasons = world.reasons(&Stage::Start);
    assert_eq!(
        reasons,
        ["pre-deployment/backup (dba) is failed: backup is done"]
    );
}

#[test]
fn nobody_ticks_what_ticks_itself() {
    let mut asked = agenda();
    asked.lists[0].items[0].check = Some(Check {
        exec: Some(vec!["true".into()]),
        ..Check::default()
    });
    let mut world = World::with(asked);
    let refusal = world.tick("carl", "backup", TestResult::Pass).unwrap_err();
    assert!(refusal.to_string().contains("ticks itself"), "{refusal}");
    world
        .answer("carl", "backup", TestResult::Pass, Source::Check)
        .unwrap();
    assert!(!backup_is_missing(&world));
    world.tick("carl", "backup", TestResult::NotTested).unwrap();
    assert!(backup_is_missing(&world), "anybody may doubt a result");
}

#[test]
fn an_item_is_claimed_and_an_unknown_one_refused() {
    let mut world = World::with(agenda());
    world
        .ask(
            "carl",
            Request::Claim {
                item: "backup".into(),
            },
        )
        .unwrap();
    assert_eq!(world.preparation.assigned["pre-deployment/backup"], "carl");
    let again = world
        .ask(
            "carl",
            Request::Claim {
                item: "backup".into(),
            },
        )
        .unwrap();
    assert_eq!(again, 0, "it is so already");
    let refusal = world.tick("carl", "bakcup", TestResult::Pass).unwrap_err();
    assert!(
        refusal
            .to_string()
            .contains("there are: pre-deployment/backup"),
        "{refusal}"
    );
}

#[test]
fn an_item_whose_words_changed_is_not_tested_again() {
    let mut world = World::with(agenda());
    world.all_go();
    let mut asked = agenda();
    asked.lists[0].items[0].item = "the backup was restored".into();
    world.present("one", asked);
    assert!(backup_is_missing(&world));
}
