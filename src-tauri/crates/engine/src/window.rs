//! Whether a release's window is open; the zone's own rules decide about daylight saving.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone};
use gantry_model::{release::Window, time::Timestamp};

/// Where an instant lies towards a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Forward steps may start.
    Open,
    /// They may not; the instant at which they may, if it is still to come.
    Closed(Option<Timestamp>),
}

/// Tells whether a window is open. A window whose times cannot be read is closed.
pub fn state(window: &Window, now: Timestamp) -> State {
    let (Some(opens), Some(closes)) = (opens(window), closes(window)) else {
        return State::Closed(None);
    };
    if now < opens {
        State::Closed(Some(opens))
    } else if now < closes {
        State::Open
    } else {
        State::Closed(None)
    }
}

/// Gives the next instant at which a window opens or closes.
pub fn next_change(window: &Window, now: Timestamp) -> Option<Timestamp> {
    let edges = [opens(window), closes(window)];
    edges.into_iter().flatten().find(|edge| *edge > now)
}

/// A local time that happens twice opens at the first, so that the window is never shorter.
fn opens(window: &Window) -> Option<Timestamp> {
    instant(window, &window.opens, |first, _| first)
}

/// A local time that happens twice closes at the second.
fn closes(window: &Window) -> Option<Timestamp> {
    instant(window, &window.closes, |_, second| second)
}

fn instant(
    window: &Window,
    text: &str,
    choose: impl Fn(Timestamp, Timestamp) -> Timestamp,
) -> Option<Timestamp> {
    if let Ok(fixed) = DateTime::parse_from_rfc3339(text) {
        return Some(fixed.to_utc());
    }
    let formats = [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
    ];
    let mut read = formats.iter();
    let local = read.find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    // A local time that is skipped counts as the first one after the gap.
    let quarters = (0..=12)
        .filter_map(|quarter| local.checked_add_signed(TimeDelta::try_minutes(quarter * 15)?));
    let mut real = quarters.filter_map(|local| {
        let found = window.timezone.from_local_datetime(&local);
        Some(choose(found.earliest()?.to_utc(), found.latest()?.to_utc()))
    });
    real.next()
}

#[cfg(test)]
mod tests {
    use gantry_model::release::OnClose;

    use super::*;

    fn window(opens: &str, closes: &str) -> Window {
        Window {
            opens: opens.into(),
            closes: closes.into(),
            timezone: "Europe/Berlin".parse().unwrap(),
            on_close: OnClose::Hold,
        }
    }

    fn at(text: &str) -> Timestamp {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn a_window_opens_and_closes_in_its_own_zone() {
        let window = window("2026-12-01T20:00:00", "2026-12-01T23:00:00");
        let opens = at("2026-12-01T19:00:00Z");
        assert_eq!(
            state(&window, at("2026-12-01T18:59:59Z")),
            State::Closed(Some(opens))
        );
        assert_eq!(state(&window, opens), State::Open);
        assert_eq!(
            state(&window, at("2026-12-01T22:00:00Z")),
            State::Closed(None)
        );
        assert_eq!(
            next_change(&window, opens),
            Some(at("2026-12-01T22:00:00Z"))
        );
    }

    #[test]
    fn skipped_and_doubled_hours_follow_the_written_rule() {
        // Spring forward: 02:30 does not exist and counts as 03:00 local.
        let spring = window("2026-03-29T02:30:00", "2026-03-29T04:00:00");
        assert_eq!(state(&spring, at("2026-03-29T01:00:00Z")), State::Open);
        // Fall back: 02:30 happens twice; it closes at the second.
        let autumn = window("2026-10-25T01:00:00", "2026-10-25T02:30:00");
        assert_eq!(state(&autumn, at("2026-10-25T01:29:00Z")), State::Open);
        assert_eq!(
            state(&autumn, at("2026-10-25T01:30:00Z")),
            State::Closed(None)
        );
    }
}
