//! Times and durations as people read them.

use chrono::{DateTime, Offset, Utc};
use chrono_tz::Tz;
use gantry_model::time::Timestamp;

/// The zone in which a document tells its times.
///
/// Every time carries its offset, so that the two hours between 2 and 3 on the night that the
/// clocks go back are told apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Tz);

impl Clock {
    /// Reads the zone's name; an unknown one is UTC.
    pub(crate) fn named(zone: &str) -> Self {
        Self(zone.parse().unwrap_or(Tz::UTC))
    }

    /// Takes the zone of a release's window, UTC without one.
    pub(crate) fn of(plan: &gantry_model::plan::Plan) -> Self {
        Self(
            plan.window
                .as_ref()
                .map_or(Tz::UTC, |window| window.timezone),
        )
    }

    /// Gives the zone's name.
    pub(crate) fn name(self) -> &'static str {
        self.0.name()
    }

    /// Writes day, time and offset.
    pub(crate) fn full(self, at: Timestamp) -> String {
        format!("{} {}", self.day(at), self.time(at))
    }

    /// Writes the day.
    pub(crate) fn day(self, at: Timestamp) -> String {
        at.with_timezone(&self.0).format("%Y-%m-%d").to_string()
    }

    /// Writes the time with its offset.
    pub(crate) fn time(self, at: Timestamp) -> String {
        let local: DateTime<Tz> = at.with_timezone(&self.0);
        match local.offset().fix().local_minus_utc() {
            0 if self.0 == Tz::UTC => at.with_timezone(&Utc).format("%H:%M:%SZ").to_string(),
            _ => local.format("%H:%M:%S %:z").to_string(),
        }
    }
}

/// Writes a duration as people say it: two units at most.
pub(crate) fn lasting(millis: u64) -> String {
    let seconds = millis / 1000;
    let (days, hours) = (seconds / 86_400, seconds / 3600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    let two = |large: u64, large_unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{large} {large_unit}"),
        small => format!("{large} {large_unit} {small} {small_unit}"),
    };
    match (days, hours, minutes, seconds) {
        (0, 0, 0, 0) if millis == 0 => "0 s".to_owned(),
        (0, 0, 0, 0) => format!("{millis} ms"),
        (0, 0, 0, seconds) if seconds < 10 && !millis.is_multiple_of(1000) => {
            format!("{:.1} s", millis as f64 / 1000.0)
        }
        (0, 0, 0, seconds) => format!("{seconds} s"),
        (0, 0, minutes, _) => two(minutes, "min", rest, "s"),
        (0, hours, minutes, _) => two(hours, "h", minutes, "min"),
        (days, hours, _, _) => two(days, "d", hours, "h"),
    }
}

/// Writes the time since the start, as launch clocks do.
pub(crate) fn since(millis: u64) -> String {
    let seconds = millis / 1000;
    format!(
        "T+{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}
