//! Whether a release's window is open; the zone's own rules decide about daylight saving.

use gantry_model::{release::Window, time::Timestamp};
use gantry_readiness::calendar::{closes, opens};

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

#[cfg(test)]
mod tests {
    use chrono::DateTime;
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
