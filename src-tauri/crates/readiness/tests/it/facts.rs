//! What people are told of a poll beside its votes: clocks, voided votes, what would make it go.

use gantry_model::unit::Span;
use gantry_readiness::{
    event::Vote,
    gate,
    poll::{self, Decision, Word},
    request::Request,
    stage::Stage,
};

use crate::given::{World, agenda};

fn stand(world: &World) -> poll::Stand {
    let agenda = &world.preparation.presented.as_ref().unwrap().agenda;
    poll::stand(agenda, &world.preparation, &Stage::Start, world.now).unwrap()
}

fn later(world: &mut World, minutes: u64) {
    world.now += Span::from_secs(60 * minutes).as_delta();
}

fn wish(world: &World) -> String {
    stand(world).what_would_make_it_go.unwrap_or_default()
}

#[test]
fn a_poll_says_in_one_sentence_what_would_make_it_go() {
    let mut world = World::with(agenda());
    assert_eq!(
        wish(&world),
        "It goes when QA (ann) says go, and Support (bob) says go."
    );
    world.vote("ann", "QA", Vote::NoGo).unwrap();
    world.vote("bob", "Support", Vote::Go).unwrap();
    assert_eq!(
        wish(&world),
        "It goes when ann changes the no-go of QA into a go."
    );
    world.vote("ann", "QA", Vote::Go).unwrap();
    assert_eq!(stand(&world).what_would_make_it_go, None);
    let mut quorum = agenda();
    quorum.poll.as_mut().unwrap().quorum = Some(1);
    assert_eq!(
        wish(&World::with(quorum)),
        "It goes when 1 more of QA, Support say go."
    );
}

#[test]
fn a_gate_says_in_one_sentence_what_would_make_it_go() {
    let mut world = World::with(agenda());
    let ask = |world: &World| {
        let agenda = &world.preparation.presented.as_ref().unwrap().agenda;
        let known = (&world.preparation, &world.house);
        gate::ask(agenda, known, &Stage::Start, world.now)
    };
    let told = ask(&world).what_would_make_it_go.unwrap();
    assert!(told.starts_with("It goes when pre-deployment/"), "{told}");
    assert!(told.contains(" passes or is waived, and "), "{told}");
    assert!(
        told.ends_with("QA (ann) says go, and Support (bob) says go."),
        "{told}"
    );
    world.all_go();
    let answer = ask(&world);
    assert!(answer.is_go());
    assert_eq!(answer.what_would_make_it_go, None);
}

#[test]
fn a_held_poll_says_since_when() {
    let mut world = World::with(agenda());
    assert_eq!(
        (stand(&world).opened_at, stand(&world).held_since),
        (None, None)
    );
    let noon = world.now;
    world.vote("bob", "Support", Vote::Go).unwrap();
    assert_eq!(stand(&world).opened_at, Some(noon));
    later(&mut world, 90);
    let held = stand(&world);
    assert_eq!(held.decision, Decision::Held);
    assert_eq!(held.held_since, held.deadline);
    let refused_at = world.now;
    world.vote("ann", "QA", Vote::NoGo).unwrap();
    later(&mut world, 5);
    assert_eq!(stand(&world).held_since, Some(refused_at));
}

#[test]
fn a_voided_vote_is_told_with_what_voided_it_until_there_is_a_new_one() {
    let mut world = World::with(agenda());
    let noon = world.now;
    world.vote("ann", "QA", Vote::Go).unwrap();
    later(&mut world, 10);
    world.present("two", agenda());
    let stand_now = stand(&world);
    let qa = &stand_now.positions[0];
    let void = qa.void.as_ref().unwrap();
    assert_eq!(
        (void.word, void.by.as_str(), void.at),
        (Word::Go, "ann", noon)
    );
    assert_eq!(void.because, ["orders goes to two"]);
    assert_eq!(qa.seen_at, Some(noon));
    assert_eq!(qa.changes_since, ["orders goes to two"]);
    assert_eq!(stand_now.positions[1].seen_at, None, "bob has done nothing");
    world.vote("ann", "QA", Vote::Go).unwrap();
    let qa = stand(&world).positions[0].clone();
    assert_eq!((qa.void, qa.changes_since.len()), (None, 0));
    let recycle = Request::Recycle {
        stage: None,
        reason: "Support was ill".into(),
    };
    world.ask("bob", recycle).unwrap();
    let void = stand(&world).positions[0].void.clone().unwrap();
    assert_eq!(void.because, ["the poll was begun anew: Support was ill"]);
}

#[test]
fn what_is_asked_otherwise_is_said_item_by_item() {
    let before = agenda();
    let mut after = agenda();
    after.lists[0].items[0].required = false;
    after.lists[0].items.push(crate::given::item("comms"));
    let poll = after.poll.as_mut().unwrap();
    poll.positions.pop();
    assert_eq!(
        gantry_readiness::difference::asked(&before, &after),
        [
            "item pre-deployment/backup was changed",
            "item pre-deployment/comms is new",
            "position Support was taken out",
        ]
    );
    after.poll = before.poll.clone();
    after.poll.as_mut().unwrap().quorum = Some(1);
    let said = gantry_readiness::difference::asked(&before, &after);
    assert_eq!(said.last().unwrap(), "the rules of the poll were changed");
    assert!(gantry_readiness::difference::asked(&before, &before).is_empty());
}
