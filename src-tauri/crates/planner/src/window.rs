//! When a window opens and closes, as instants.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use gantry_model::release::Window;

/// Reads a time of a window: a local time of its zone, or one with its own offset.
pub fn instant(window: &Window, text: &str) -> Option<DateTime<Utc>> {
    if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
        return Some(exact.to_utc());
    }
    let formats = [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
    ];
    let mut read = formats
        .iter()
        .map(|format| NaiveDateTime::parse_from_str(text, format));
    let local = read.find_map(Result::ok)?;
    // A time that the clocks leave out in spring is taken as the one an hour later.
    let later = local.checked_add_signed(TimeDelta::hours(1))?;
    let zoned = |local| window.timezone.from_local_datetime(&local).earliest();
    Some(zoned(local).or_else(|| zoned(later))?.to_utc())
}
