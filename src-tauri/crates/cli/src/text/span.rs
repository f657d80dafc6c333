//! Durations as people say them.

use gantry_model::unit::Span;

/// Writes a duration with at most two units: `850 ms`, `12 s`, `4 min 30 s`, `1 h 05 min`, `2 d 3 h`.
pub(crate) fn words(span: Span) -> String {
    let millis = span.as_millis();
    let seconds = millis / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match () {
        () if millis < 1000 => format!("{millis} ms"),
        () if minutes == 0 => format!("{seconds} s"),
        () if hours == 0 && seconds.is_multiple_of(60) => format!("{minutes} min"),
        () if hours == 0 => format!("{minutes} min {:02} s", seconds % 60),
        () if days == 0 && minutes.is_multiple_of(60) => format!("{hours} h"),
        () if days == 0 => format!("{hours} h {:02} min", minutes % 60),
        () => format!("{days} d {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let said = [
            0, 850, 12_000, 240_000, 270_000, 3_600_000, 3_900_000, 97_200_000,
        ];
        let words: Vec<String> = said
            .into_iter()
            .map(|ms| words(Span::from_millis(ms)))
            .collect();
        assert_eq!(
            words,
            [
                "0 ms",
                "850 ms",
                "12 s",
                "4 min",
                "4 min 30 s",
                "1 h",
                "1 h 05 min",
                "1 d 3 h"
            ]
        );
    }
}
