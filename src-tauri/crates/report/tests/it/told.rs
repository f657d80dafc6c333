//! What reports say, and when.

use std::time::Duration;

use gantry_report::{
    account::{Standing, timing::Moment},
    brief, render,
};
use serde_json::json;

use crate::recorded::{Recorded, recorded};

#[test]
fn the_report_of_the_recorded_run_reads_as_it_did() {
    let written = render::markdown::write(&recorded().report());
    assert_eq!(written, include_str!("record/report.md"));
}

#[test]
fn the_brief_of_the_recorded_plan_leads_with_the_way_back() {
    let written = render::markdown::write(&brief::document(&recorded().plan, None));
    let places = [
        "## The way back",
        "## Go or no-go",
        "## The steps",
        "## Monitoring",
    ]
    .map(|title| written.find(title).unwrap());
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(written, include_str!("record/brief.md"));
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let (one, other) = (recorded(), recorded());
    assert_eq!(one.texts(), other.texts());
    let pages = render::pdf::write(&one.report()).unwrap();
    assert_eq!(pages, render::pdf::write(&other.report()).unwrap());
    assert!(pages.starts_with(b"%PDF-1."));
}

#[test]
fn pages_are_tagged_for_who_listens_to_them() {
    let pages = render::pdf::write(&recorded().report()).unwrap();
    let pages = String::from_utf8_lossy(&pages);
    for tag in [
        "/StructTreeRoot",
        "/Marked true",
        "/S/H1",
        "/S/H2",
        "/S/P",
        "/S/TH",
        "/S/TD",
    ] {
        let spaced = tag.replace("/S/", "/S /");
        assert!(pages.contains(tag) || pages.contains(&spaced), "{tag}");
    }
}

#[test]
fn what_did_not_run_is_not_told_as_succeeded() {
    let mut none = recorded();
    none.events.clear();
    let account = none.account();
    assert_eq!(account.standing, Standing::NotRun);
    let mut one = recorded();
    one.events.truncate(1);
    for run in [none, one] {
        for text in run.texts() {
            assert!(!text.contains("succeeded"), "{text}");
        }
        render::pdf::write(&run.report()).unwrap();
    }
}

#[test]
fn a_rolled_back_run_is_never_a_success() {
    let run = recorded();
    assert_eq!(run.account().standing, Standing::RolledBack);
    let document = run.report();
    assert_eq!(
        (document.kind, document.badge.word.as_str()),
        ("Incident report", "rolled back")
    );
    let written = render::markdown::write(&document);
    assert!(!written.contains("**succeeded**") && !written.contains("Completion"));
    assert!(written.contains("storefront") && written.contains("not run"));
}

#[test]
fn every_machine_line_of_the_timeline_has_its_entries() {
    let run = recorded();
    let told: u64 = run.account().timeline.iter().map(|line| line.entries).sum();
    assert_eq!(told, run.events.len() as u64);
}

#[test]
fn the_moments_come_in_their_order() {
    let timings = recorded().account().timings;
    let reached: Vec<Moment> = timings
        .iter()
        .filter(|t| t.at.is_some())
        .map(|t| t.moment)
        .collect();
    assert_eq!(reached.first(), Some(&Moment::FirstBadSample));
    assert_eq!(reached.last(), Some(&Moment::DeclaredGood));
    let since: Vec<u64> = timings
        .iter()
        .filter_map(|timing| timing.since_first_ms)
        .collect();
    assert!(since.is_sorted(), "{since:?}");
}

#[test]
fn ten_thousand_events_are_told_within_seconds() {
    let mut run = recorded();
    for number in 0..10_000 {
        run.and(
            "note",
            json!({ "by": "ann", "text": format!("line {number}") }),
        );
    }
    let begun = std::time::Instant::now();
    let texts = run.texts();
    let pages = render::pdf::write(&run.report()).unwrap();
    assert!(
        texts
            .iter()
            .filter(|text| text.contains("line 9999"))
            .count()
            >= 4
    );
    assert!(pages.len() > 100_000);
    // Ten times what it takes on a quiet machine.
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_clock_that_went_back_is_said_and_never_counted() {
    let mut run = recorded();
    let before = run.account().took_ms;
    run.and("note", json!({ "by": "ann", "text": "before" }));
    let last = run.events.last_mut().unwrap();
    last.at -= chrono::TimeDelta::hours(1);
    let account = run.account();
    assert_eq!(account.took_ms, before);
    assert!(account.timeline.last().unwrap().clock_went_back);
    assert!(render::markdown::write(&run.report()).contains("the wall clock went back here"));
}

#[test]
fn the_hour_that_comes_twice_is_told_apart_by_its_offset() {
    let mut run: Recorded = recorded();
    run.plan.window = Some(
        serde_json::from_value(json!({ "opens": "2026-10-25T00:00:00",
            "closes": "2026-10-25T06:00:00", "timezone": "Europe/Berlin" }))
        .unwrap(),
    );
    for at in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
        run.and("note", json!({ "by": "ann", "text": "night" }));
        run.events.last_mut().unwrap().at = at.parse().unwrap();
    }
    let written = render::markdown::write(&run.report());
    assert!(
        written.contains("2026-10-25 02:30:00 \\+02:00")
            || written.contains("2026-10-25 02:30:00 +02:00")
    );
    assert!(written.contains("2026-10-25 02:30:00 +01:00"));
}
