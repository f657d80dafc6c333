//! Windows and freezes beside a brute force that looks at every minute.

use chrono::{Datelike, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;
use gantry_model::time::Timestamp;
use gantry_readiness::calendar::{Edge, Period, State, instant};
use proptest::prelude::*;

use crate::given::at;

fn period(opens: &str, closes: &str, repeat: Option<&str>) -> Period {
    Period {
        opens: opens.into(),
        closes: closes.into(),
        timezone: "Europe/Berlin".parse().unwrap(),
        repeat: repeat.map(str::to_owned),
    }
}

#[test]
fn skipped_and_doubled_hours_follow_the_written_rule() {
    let zone: Tz = "Europe/Berlin".parse().unwrap();
    let spring = |edge| instant("2026-03-29T02:30:20", zone, edge);
    assert_eq!(spring(Edge::Opens), Some(at("2026-03-29T01:00:00Z")));
    assert_eq!(spring(Edge::Closes), Some(at("2026-03-29T01:00:00Z")));
    let autumn = |edge| instant("2026-10-25T02:30", zone, edge);
    assert_eq!(autumn(Edge::Opens), Some(at("2026-10-25T00:30:00Z")));
    assert_eq!(autumn(Edge::Closes), Some(at("2026-10-25T01:30:00Z")));
    let samoa: Tz = "Pacific/Apia".parse().unwrap();
    let skipped = instant("2011-12-30T12:00", samoa, Edge::Opens);
    assert_eq!(skipped, Some(at("2011-12-30T10:00:00Z")));
}

#[test]
fn a_weekly_freeze_stays_at_its_hour_on_the_clock() {
    let friday = period("2026-03-06T16:00", "2026-03-09T08:00", Some("FREQ=WEEKLY"));
    let inside = |text| matches!(friday.state(at(text)).unwrap(), State::Inside(_));
    assert!(!inside("2026-03-27T14:59:59Z"));
    assert!(inside("2026-03-27T15:00:00Z"));
    // The clocks went forward on the 29th.
    assert!(inside("2026-03-30T05:59:59Z"));
    assert!(!inside("2026-03-30T06:00:00Z"));
    assert!(inside("2026-04-03T14:00:00Z"));
    let next = friday.state(at("2026-03-31T00:00:00Z")).unwrap();
    assert_eq!(next, State::Outside(Some(at("2026-04-03T14:00:00Z"))));
}

#[test]
fn instances_that_touch_are_one() {
    let daily = period(
        "2026-12-01T00:00",
        "2026-12-02T00:00",
        Some("FREQ=DAILY;COUNT=5"),
    );
    let state = daily.state(at("2026-12-02T12:00:00Z")).unwrap();
    assert_eq!(state, State::Inside(at("2026-12-05T23:00:00Z")));
}

#[test]
fn until_may_be_local_or_utc() {
    for until in ["20261203T200000", "20261203T190000Z", "20261203"] {
        let rule = format!("FREQ=DAILY;UNTIL={until}");
        let daily = period("2026-12-01T20:00", "2026-12-01T21:00", Some(&rule));
        let inside = |text| matches!(daily.state(at(text)).unwrap(), State::Inside(_));
        assert!(inside("2026-12-03T19:30:00Z"), "{until}");
        assert!(!inside("2026-12-04T19:30:00Z"), "{until}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let check = |opens, closes, rule| period(opens, closes, rule).check().unwrap_err().to_string();
    let (day, next) = ("2026-12-01T20:00", "2026-12-02T20:00");
    assert!(check("tomorrow", next, None).contains("is not a time"));
    assert!(check(next, day, None).contains("not after its beginning"));
    assert!(check(day, next, Some("FREQ=OFTEN")).contains("RFC 5545"));
    assert!(check(day, next, Some("FREQ=SECONDLY")).contains("more than daily"));
    assert!(check(day, "2029-12-02T20:00", Some("FREQ=YEARLY")).contains("a year at most"));
}

/// Finds an edge by walking over every minute of three days.
fn walked(local: NaiveDateTime, zone: Tz, edge: Edge) -> Timestamp {
    let from = local.and_utc() - TimeDelta::hours(26);
    let minutes = (0..54 * 60).map(|minute| from + TimeDelta::minutes(minute));
    let clock = |instant: &Timestamp| zone.from_utc_datetime(&instant.naive_utc()).naive_local();
    let exact: Vec<Timestamp> = minutes
        .clone()
        .filter(|instant| clock(instant) == local)
        .collect();
    let chosen = match edge {
        Edge::Opens => exact.first(),
        Edge::Closes => exact.last(),
    };
    let after = || minutes.clone().find(|instant| clock(instant) > local);
    chosen.copied().or_else(after).unwrap()
}

/// A rule of a few forms, and whether a date is one of it, said without the library.
fn fits(form: usize, first: NaiveDateTime, date: NaiveDateTime) -> bool {
    let days = (date.date() - first.date()).num_days();
    match form {
        0 => true,
        1 => days % 3 == 0,
        2 => days % 7 == 0,
        3 => date.day() == first.day(),
        _ => date.day() == first.day() && date.month() == first.month(),
    }
}

const FORMS: [&str; 5] = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=MONTHLY",
    "FREQ=YEARLY",
];

fn brute(period: &Period, form: usize, now: Timestamp) -> bool {
    let read = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap();
    let (first, last) = (read(&period.opens), read(&period.closes));
    let clock = period
        .timezone
        .from_utc_datetime(&now.naive_utc())
        .naive_local();
    let lasts = (last - first).num_days() + 3;
    let dates = (-2..=lasts).map(|back| first + TimeDelta::days((clock - first).num_days() - back));
    let mut instances = dates.filter(|date| *date >= first && fits(form, first, *date));
    instances.any(|opens| {
        let begins = walked(opens, period.timezone, Edge::Opens);
        let ends = walked(opens + (last - first), period.timezone, Edge::Closes);
        begins <= now && now < ends
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_evaluator_agrees_with_brute_force(
        zone in 0..chrono_tz::TZ_VARIANTS.len(),
        form in 0..FORMS.len(),
        begins in 0_i64..(24 * 60 * 365),
        lasts in 1_i64..(5 * 24 * 60),
        nows in prop::collection::vec(0_i64..(24 * 60 * 365 * 2), 4),
        edge in -120_i64..120,
    ) {
        let origin = at("2024-01-01T00:00:00Z");
        let first = origin.naive_utc() + TimeDelta::minutes(begins);
        let text = |local: NaiveDateTime| local.format("%Y-%m-%dT%H:%M").to_string();
        let period = Period {
            opens: text(first),
            closes: text(first + TimeDelta::minutes(lasts)),
            timezone: chrono_tz::TZ_VARIANTS[zone],
            repeat: Some(FORMS[form].into()),
        };
        let near = begins + lasts + edge;
        for minute in nows.into_iter().map(|now| now + begins).chain([near, begins + edge]) {
            let now = origin + TimeDelta::minutes(minute);
            let inside = matches!(period.state(now).unwrap(), State::Inside(_));
            prop_assert_eq!(inside, brute(&period, form, now), "{:?} at {}", &period, now);
        }
    }
}
