//! The one evaluator of windows and freezes: local times of a zone, repeated by RFC 5545.
//!
//! The rule for daylight saving, both ways: a local time that is skipped in spring counts as the
//! first one after the gap; one that happens twice in autumn opens at the first and closes at the
//! second, so that a period is never shorter than its two local times say.
//! Recurrence is counted on local dates, by the `rrule` crate, and only then are the local times
//! turned into instants: a repeated period stays at its hour on the clock.

mod repeat;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use gantry_model::{release::Window, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A period on somebody's calendar, once or again and again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// When it begins: local time of the zone, or RFC 3339 with an offset.
    pub opens: String,
    /// When it ends.
    pub closes: String,
    /// The IANA zone.
    pub timezone: Tz,
    /// How it repeats, as the value of an RFC 5545 `RRULE`: daily, weekly, monthly or yearly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<String>,
}

/// Why a period cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not a time.
    #[error("`{0}` is not a time: write `2026-12-01T20:00:00`, or RFC 3339 with an offset")]
    Time(String),
    /// The end is not behind the beginning.
    #[error("it ends at {closes}, which is not after its beginning at {opens}")]
    Order {
        /// The beginning.
        opens: Timestamp,
        /// The end.
        closes: Timestamp,
    },
    /// Not a rule of recurrence.
    #[error("`{rule}` is not a rule of RFC 5545: {reason}")]
    Rule {
        /// The rule.
        rule: String,
        /// Why.
        reason: String,
    },
}

/// Where an instant lies towards a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Inside, until then.
    Inside(Timestamp),
    /// Outside; when it begins next, if that is within two years.
    Outside(Option<Timestamp>),
}

/// Which edge of a period a local time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its beginning.
    Opens,
    /// Its end.
    Closes,
}

/// An instance of a period: from the first instant up to, but without, the second.
pub(crate) type Instance = (Timestamp, Timestamp);

impl Period {
    /// Tells where an instant lies. Instances that touch or overlap count as one.
    ///
    /// # Errors
    /// Where a time or the rule cannot be read.
    pub fn state(&self, now: Timestamp) -> Result<State, Unreadable> {
        let mut instances = self.around(now)?;
        instances.sort_unstable();
        let mut until: Option<Timestamp> = None;
        for (opens, closes) in &instances {
            let reached = until.unwrap_or(now);
            if *opens <= reached && *closes > reached {
                until = Some(*closes);
            }
        }
        if let Some(until) = until {
            return Ok(State::Inside(until));
        }
        let next = instances.iter().map(|(opens, _)| *opens);
        Ok(State::Outside(next.filter(|opens| *opens > now).min()))
    }

    /// Checks that it can be read.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn check(&self) -> Result<(), Unreadable> {
        let (opens, closes) = self.first()?;
        if closes <= opens {
            return Err(Unreadable::Order { opens, closes });
        }
        self.around(opens).map(drop)
    }

    fn first(&self) -> Result<Instance, Unreadable> {
        let read = |text: &String, edge| {
            instant(text, self.timezone, edge).ok_or_else(|| Unreadable::Time(text.clone()))
        };
        Ok((
            read(&self.opens, Edge::Opens)?,
            read(&self.closes, Edge::Closes)?,
        ))
    }

    /// Gives the instances that may hold an instant, and those of the two years behind it.
    fn around(&self, now: Timestamp) -> Result<Vec<Instance>, Unreadable> {
        match &self.repeat {
            None => Ok(vec![self.first()?]),
            Some(rule) => repeat::instances(self, rule, now),
        }
    }
}

/// Gives when a release's window opens.
pub fn opens(window: &Window) -> Option<Timestamp> {
    instant(&window.opens, window.timezone, Edge::Opens)
}

/// Gives when a release's window closes.
pub fn closes(window: &Window) -> Option<Timestamp> {
    instant(&window.closes, window.timezone, Edge::Closes)
}

/// Reads a time: a local one of the zone by the rule above, or one with its own offset.
pub fn instant(text: &str, zone: Tz, edge: Edge) -> Option<Timestamp> {
    if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
        return Some(exact.to_utc());
    }
    real(local(text)?, zone, edge)
}

fn local(text: &str) -> Option<NaiveDateTime> {
    let formats = [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
    ];
    let mut read = formats.iter();
    read.find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

/// Turns a local time into an instant.
pub(crate) fn real(local: NaiveDateTime, zone: Tz, edge: Edge) -> Option<Timestamp> {
    let choose = |local| {
        let found = zone.from_local_datetime(&local);
        match edge {
            Edge::Opens => found.earliest(),
            Edge::Closes => found.latest(),
        }
    };
    if let Some(found) = choose(local) {
        return Some(found.to_utc());
    }
    // Zones skip whole minutes, up to a day (Samoa, 2011).
    let minute = local.with_second(0)?.with_nanosecond(0)?;
    let mut later =
        (1..=25 * 60).filter_map(|by| minute.checked_add_signed(TimeDelta::minutes(by)));
    Some(later.find_map(choose)?.to_utc())
}
