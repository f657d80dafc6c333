//! Recurrence: the rule is asked on local dates, as if they were UTC, so that no change of the
//! clock can move or drop an instance.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use gantry_model::time::Timestamp;
use rrule::{Frequency, RRule, RRuleSet, Tz, Unvalidated};

use super::{Edge, Instance, Period, Unreadable, local, real};

/// How far ahead is looked, in days.
const AHEAD: i64 = 2 * 366;
/// More instances than this are not looked at; a daily rule has fewer.
const MOST: u16 = 2_000;
/// A longer instance of a repeated period is a slip of the pen.
const LONGEST: i64 = 366;

/// Gives the instances that may hold `now`, and those of the two years behind it.
pub(super) fn instances(
    period: &Period,
    rule: &str,
    now: Timestamp,
) -> Result<Vec<Instance>, Unreadable> {
    let opens = on_the_clock(period, &period.opens)?;
    let length = on_the_clock(period, &period.closes)? - opens;
    let refused = |reason: String| Unreadable::Rule {
        rule: rule.into(),
        reason,
    };
    if length > TimeDelta::days(LONGEST) {
        return Err(refused("a repeated period lasts a year at most".into()));
    }
    let first = as_utc(opens);
    let read = parse(period, rule).map_err(refused)?;
    let valid = read
        .validate(first)
        .map_err(|error| refused(error.to_string()))?;
    let clock = now.with_timezone(&period.timezone).naive_local();
    // Two days cover every shift that a zone has ever made.
    let from = clock - length - TimeDelta::days(2);
    let set = RRuleSet::new(first)
        .rrule(valid)
        .after(as_utc(from))
        .before(as_utc(clock + TimeDelta::days(AHEAD)));
    let found = set.all(MOST).dates;
    let instances = found.iter().filter_map(|date| {
        let begins = date.naive_utc();
        Some((
            real(begins, period.timezone, Edge::Opens)?,
            real(begins + length, period.timezone, Edge::Closes)?,
        ))
    });
    Ok(instances.collect())
}

fn on_the_clock(period: &Period, text: &str) -> Result<NaiveDateTime, Unreadable> {
    let exact = DateTime::parse_from_rfc3339(text).ok();
    let exact = exact.map(|exact| exact.with_timezone(&period.timezone).naive_local());
    exact
        .or_else(|| local(text))
        .ok_or_else(|| Unreadable::Time(text.into()))
}

fn as_utc(local: NaiveDateTime) -> DateTime<Tz> {
    local.and_utc().with_timezone(&Tz::UTC)
}

/// Reads a rule; `UNTIL` in UTC, as the RFC wants it beside a zone, is moved onto the clock.
fn parse(period: &Period, rule: &str) -> Result<RRule<Unvalidated>, String> {
    let rule = rule.strip_prefix("RRULE:").unwrap_or(rule);
    let parts: Result<Vec<String>, String> = rule
        .split(';')
        .map(|part| match part.split_once('=') {
            Some((key, value)) if key.eq_ignore_ascii_case("UNTIL") => until(period, value),
            Some(_) | None => Ok(part.to_owned()),
        })
        .collect();
    let read: RRule<Unvalidated> = parts?
        .join(";")
        .parse()
        .map_err(|error: rrule::RRuleError| error.to_string())?;
    match read.get_freq() {
        Frequency::Yearly | Frequency::Monthly | Frequency::Weekly | Frequency::Daily => Ok(read),
        Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => {
            Err("it repeats more than daily".into())
        }
    }
}

fn until(period: &Period, value: &str) -> Result<String, String> {
    let form = "%Y%m%dT%H%M%S";
    let read = match value.strip_suffix('Z') {
        Some(utc) => NaiveDateTime::parse_from_str(utc, form)
            .map(|utc| utc.and_utc().with_timezone(&period.timezone).naive_local()),
        None if value.len() == 8 => NaiveDateTime::parse_from_str(&format!("{value}T235959"), form),
        None => NaiveDateTime::parse_from_str(value, form),
    };
    let clock = read.map_err(|_| format!("`{value}` is not an UNTIL"))?;
    let clock: DateTime<Utc> = clock.and_utc();
    Ok(format!("UNTIL={}Z", clock.format(form)))
}
