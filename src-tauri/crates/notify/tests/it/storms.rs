//! Many events at once: the cap holds, nothing is left out, and one digest ends it.

use gantry_model::{event::Outcome, time::Timestamp, unit::Span};
use gantry_notify::{
    digest,
    events::notices,
    notice::Urgency,
    retry::{Failure, Next, TRIES, next},
    storm::{Haste, Waiting, decide},
    wording::Wordings,
};
use proptest::prelude::*;

use crate::given::{at, cap, event, finished, plan, run};

/// A sender that looks once a second, as the real one does.
#[derive(Default)]
struct Sender {
    waiting: Vec<Waiting>,
    /// When each message left, and how many events it told of.
    sent: Vec<(Timestamp, usize)>,
}

impl Sender {
    fn look(&mut self, at_most: u32, now: Timestamp, haste: Haste) {
        let instants: Vec<Timestamp> = self.sent.iter().map(|(at, _)| *at).collect();
        let ruling = decide(&cap(at_most), &instants, &self.waiting, (now, haste));
        self.sent.extend(ruling.single.iter().map(|_| (now, 1)));
        if !ruling.together.is_empty() {
            self.sent.push((now, ruling.together.len()));
        }
        self.waiting
            .retain(|one| !ruling.single.contains(&one.id) && !ruling.together.contains(&one.id));
        let Some((later, until)) = ruling.later else {
            assert!(self.waiting.is_empty(), "nothing is forgotten");
            return;
        };
        for one in &mut self.waiting {
            assert!(later.contains(&one.id));
            one.gathered = Some(until);
        }
    }

    fn most_in_a_minute(&self) -> usize {
        let minute = Span::from_secs(60).as_delta();
        let within = |from: Timestamp| {
            let inside = |at: Timestamp| at >= from && at < from + minute;
            self.sent.iter().filter(|(at, _)| inside(*at)).count()
        };
        self.sent
            .iter()
            .map(|(at, _)| within(*at))
            .max()
            .unwrap_or(0)
    }
}

fn waiting(id: u64, urgency: Urgency) -> Waiting {
    Waiting {
        id,
        urgency,
        gathered: None,
    }
}

#[test]
fn a_thousand_events_in_a_minute_stay_under_the_cap_and_end_in_one_digest() {
    let mut sender = Sender::default();
    let begin = at("19:00:00");
    for second in 0..200_u64 {
        let ids = second * 1000 / 60..(second + 1) * 1000 / 60;
        for id in ids.filter(|id| *id < 1000) {
            let urgent = id.is_multiple_of(10);
            let urgency = if urgent {
                Urgency::Urgent
            } else {
                Urgency::Ordinary
            };
            sender.waiting.push(waiting(id, urgency));
        }
        let now = begin + Span::from_secs(second).as_delta();
        sender.look(20, now, Haste::Patient);
    }
    assert!(sender.most_in_a_minute() <= 20);
    assert_eq!(
        sender.sent.iter().map(|(_, told)| told).sum::<usize>(),
        1000
    );
    let digests: Vec<usize> = sender
        .sent
        .iter()
        .map(|(_, told)| *told)
        .filter(|told| *told > 1)
        .collect();
    assert_eq!(digests.len(), 1, "{digests:?}");
    assert_eq!(
        sender.sent.last().unwrap().1,
        digests[0],
        "the digest is the last"
    );
}

#[test]
fn few_messages_go_at_once_whatever_they_are() {
    let all: Vec<Waiting> = (0..19).map(|id| waiting(id, Urgency::Ordinary)).collect();
    let ruling = decide(&cap(20), &[], &all, (at("19:00:00"), Haste::Patient));
    assert_eq!(ruling.single.len(), 19);
    assert_eq!(ruling.later, None);
}

#[test]
fn urgent_messages_have_places_that_ordinary_ones_cannot_take() {
    let mut all: Vec<Waiting> = (0..100).map(|id| waiting(id, Urgency::Ordinary)).collect();
    all.push(waiting(100, Urgency::Urgent));
    let ruling = decide(&cap(20), &[], &all, (at("19:00:00"), Haste::Patient));
    assert!(ruling.single.contains(&100));
    assert_eq!(ruling.single.len(), 11);
}

#[test]
fn a_process_that_ends_sends_the_digest_first() {
    let all: Vec<Waiting> = (0..100).map(|id| waiting(id, Urgency::Ordinary)).collect();
    let ruling = decide(&cap(20), &[], &all, (at("19:00:00"), Haste::Closing));
    assert_eq!((ruling.single.len(), ruling.together.len()), (10, 90));
    assert_eq!(ruling.later, None);
}

proptest! {
    #[test]
    fn no_storm_passes_the_cap_and_nothing_is_lost(
        at_most in 2_u32..40,
        bursts in prop::collection::vec((0_u64..40, 0_u64..200, any::<bool>()), 1..30),
    ) {
        let mut sender = Sender::default();
        let mut now = at("10:00:00");
        let mut id = 0;
        for (pause, count, urgent) in bursts {
            now += Span::from_secs(pause).as_delta();
            let urgency = if urgent { Urgency::Urgent } else { Urgency::Ordinary };
            sender.waiting.extend((id..id + count).map(|id| waiting(id, urgency)));
            id += count;
            sender.look(at_most, now, Haste::Patient);
        }
        for _ in 0..200 {
            now += Span::from_secs(1).as_delta();
            sender.look(at_most, now, Haste::Patient);
        }
        prop_assert!(sender.most_in_a_minute() <= at_most as usize);
        let told = sender.sent.iter().map(|(_, told)| *told as u64).sum::<u64>();
        prop_assert_eq!(told, id);
    }
}

#[test]
fn a_digest_says_first_how_it_stands_and_lists_the_rest() {
    let plan = plan();
    let wordings = Wordings::default();
    let mut all = Vec::new();
    for seq in 1..=30 {
        all.extend(
            notices(
                &plan,
                &wordings,
                &run(),
                &event(seq, finished(Outcome::RolledBack)),
            )
            .into_iter()
            .filter(|one| one.stakeholder == "Team"),
        );
    }
    let digest = digest::of(&all, at("19:30:00")).unwrap();
    assert_eq!(
        digest.title,
        "Checkout redesign was rolled back (and 29 more)"
    );
    assert!(
        digest.body.starts_with("That is how it ended."),
        "{}",
        digest.body
    );
    assert!(
        digest
            .body
            .contains("30 messages came in a short time: 30 × rolled-back.")
    );
    assert!(digest.body.contains("- 10 earlier ones\n- 19:05:00Z"));
    assert_eq!(digest.key, digest::of(&all, at("20:00:00")).unwrap().key);
    assert_eq!(digest::of(&[], at("20:00:00")), None);
}

#[test]
fn pauses_grow_a_final_no_is_final_and_a_busy_channel_is_left_alone() {
    assert_eq!(next(Failure::Final, 1), Next::GiveUp);
    assert_eq!(next(Failure::Passing, 1), Next::After(Span::from_secs(5)));
    assert_eq!(next(Failure::Passing, 4), Next::After(Span::from_secs(40)));
    assert_eq!(
        next(Failure::Passing, 29),
        Next::After(Span::from_secs(3600))
    );
    assert_eq!(next(Failure::Passing, TRIES), Next::GiveUp);
    let asked = Failure::Busy(Some(Span::from_secs(90)));
    assert_eq!(next(asked, 1), Next::After(Span::from_secs(90)));
    let for_ever = Failure::Busy(Some(Span::from_secs(1 << 40)));
    assert_eq!(next(for_ever, 1), Next::After(Span::from_secs(6 * 3600)));
}
