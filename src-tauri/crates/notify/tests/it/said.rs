//! Who hears of what, and in which words.

use std::collections::BTreeSet;

use gantry_model::{
    event::{Happened, HoldReason, Outcome},
    release::stakeholder::Audience,
};
use gantry_notify::{
    events::{may_tell, notices, notices_at},
    matrix,
    notice::Notice,
    preview::sample,
    subject::Subject,
    wording::{Wordings, builtin},
};
use serde_json::json;

use crate::given::{at, event, finished, plan, plan_of, run};

fn told(what: Happened) -> Vec<Notice> {
    notices(&plan(), &Wordings::default(), &run(), &event(7, what))
}

#[test]
fn engineers_are_told_where_the_journal_stood_and_nobody_else_is() {
    let head = gantry_model::journal::Head {
        seq: 7,
        hash: gantry_model::digest::Digest::of("seven"),
    };
    let event = event(7, finished(Outcome::RolledBack));
    let told = notices_at(&plan(), &Wordings::default(), (&run(), head), &event);
    assert!(told.len() > 1);
    for notice in told {
        let line = format!("Record: gantry journal verify {} --head {head}", run());
        let engineers = notice.audience == Audience::Engineers;
        assert_eq!(notice.body.ends_with(&line), engineers, "{}", notice.body);
    }
}

fn names(notices: &[Notice]) -> Vec<(&str, &str)> {
    let each = notices.iter();
    each.map(|one| (one.stakeholder.as_str(), one.occasion.word()))
        .collect()
}

fn held(reason: HoldReason) -> Happened {
    Happened::Held {
        node: None,
        step: None,
        reason,
        by: Some("dana".into()),
        message: "the queue grows".into(),
    }
}

#[test]
fn everybody_hears_of_an_end_once_and_of_a_rollback_as_such() {
    assert_eq!(
        names(&told(finished(Outcome::RolledBack))),
        [
            ("Team", "rolled-back"),
            ("Support", "rolled-back"),
            ("Customers", "finished")
        ]
    );
    assert_eq!(
        names(&told(finished(Outcome::Failed))),
        [
            ("Team", "failed"),
            ("Support", "finished"),
            ("Customers", "finished")
        ]
    );
    assert_eq!(
        names(&told(held(HoldReason::Operator))),
        [("Team", "held"), ("Support", "held")]
    );
}

#[test]
fn only_a_success_is_told_as_one() {
    for outcome in [
        Outcome::RolledBack,
        Outcome::PartlyRolledBack,
        Outcome::Failed,
        Outcome::Cancelled,
    ] {
        for notice in told(finished(outcome)) {
            let text = format!("{}\n{}", notice.title, notice.body).to_lowercase();
            for word in ["succeeded", "is done", "update done", "was completed"] {
                assert!(!text.contains(word), "{outcome}: {text}");
            }
        }
    }
}

#[test]
fn the_same_event_has_the_same_keys_and_others_have_others() {
    let keys =
        |notices: Vec<Notice>| -> Vec<String> { notices.into_iter().map(|one| one.key).collect() };
    let first = keys(told(finished(Outcome::Succeeded)));
    assert_eq!(first, keys(told(finished(Outcome::Succeeded))));
    let other = keys(told(held(HoldReason::Operator)));
    let all: BTreeSet<&String> = first.iter().chain(&other).collect();
    assert_eq!(all.len(), first.len() + other.len());
    assert!(all.iter().all(|key| key.len() <= 64));
}

#[test]
fn a_notice_reads_back_as_it_was_written() {
    for notice in told(finished(Outcome::Succeeded)) {
        let text = serde_json::to_string(&notice).unwrap();
        assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice);
        assert!(may_tell("finished") && !may_tell("bake-sampled"));
    }
}

#[test]
fn every_audience_is_told_what_it_means_and_what_is_next() {
    let plan = plan();
    for audience in Audience::ALL {
        for subject in Subject::ALL {
            let written = builtin(audience, &sample(&plan, subject, at("19:00:00")));
            let place = format!("{} for {}", subject.word(), audience.word());
            assert!(written.body.contains("What it means for you: "), "{place}");
            assert!(written.body.contains("What happens next: "), "{place}");
            assert!(!written.body.contains("  "), "{place}: {}", written.body);
            assert!(!written.body.contains("{%"), "{place}");
        }
    }
}

#[test]
fn customers_read_no_internal_name() {
    let plan = plan_of(json!({ "title": null }));
    for subject in Subject::ALL {
        let written = builtin(Audience::Customers, &sample(&plan, subject, at("19:00:00")));
        let text = format!("{}\n{}", written.title, written.body);
        for internal in ["orders", "shop-2.4", "gantry", "(the reason", "(who"] {
            assert!(!text.contains(internal), "{internal} in {text}");
        }
    }
}

#[test]
fn the_words_of_a_start_are_these() {
    let notices = told(Happened::Started(Box::new(
        gantry_model::event::Started::of(&run(), &plan(), "dana", "0.1.0", Vec::new()),
    )));
    let texts: Vec<String> = notices
        .iter()
        .map(|one| format!("{}: {}\n{}", one.stakeholder, one.title, one.body))
        .collect();
    insta::assert_snapshot!(texts.join("\n\n---\n"));
}

#[test]
fn the_matrix_says_of_every_occasion_who_hears_of_it() {
    let rows = matrix::rows(&plan());
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[2].product, "smtp");
    assert_eq!(rows[2].to.as_deref(), Some("status@example.com"));
    let heard = rows[2].events.iter().filter(|(_, hears)| **hears);
    let heard: Vec<&str> = heard.map(|(word, _)| *word).collect();
    assert_eq!(heard, ["finished", "started"]);
    assert_eq!(rows[2].events.len(), 11);
}
