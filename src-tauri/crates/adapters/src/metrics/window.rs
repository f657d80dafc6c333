//! From what a source answered to the buckets that were asked for.

use gantry_model::{time::Timestamp, unit::Span};
use gantry_port::{
    fault::{Fault, FaultKind},
    metrics::{Grid, Nothing, Point},
};

/// How many buckets are read at most; two months of minutes.
const MOST: u32 = 100_000;
/// How many buckets a point may be behind before it is stale.
const FRESH: usize = 2;

/// Checks that a grid can be read at all.
///
/// # Errors
/// Unsupported for buckets without length, and for more than anybody looks at.
pub(super) fn check(grid: Grid) -> Result<(), Fault> {
    let whole = grid.bucket.as_millis() > 0 && end_of(grid, grid.count).is_some();
    if whole && grid.count <= MOST {
        return Ok(());
    }
    let sentence = format!(
        "{} buckets of {} cannot be read; at most {MOST} can",
        grid.count, grid.bucket
    );
    Err(Fault::new(FaultKind::Unsupported, sentence))
}

/// Gives the one series that an answer holds, or says why there is not one.
pub(super) fn only<T>(series: impl IntoIterator<Item = T>) -> Result<T, Nothing> {
    let mut series = series.into_iter();
    match (series.next(), series.next()) {
        (None, _) => Err(Nothing::NoSeries),
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(Nothing::Several),
    }
}

/// Counts the buckets, from the first, whose numbers will not change any more.
///
/// Later ones are not asked for: of a bucket that is not over, sources tell what they have, which
/// is too little, or repeat what they had before.
pub(super) fn settled(grid: Grid, now: Timestamp, settles_after: Span) -> u32 {
    let known = now.timestamp_millis() - grid.from.timestamp_millis();
    let known = known.saturating_sub_unsigned(settles_after.as_millis());
    let length = i64::try_from(grid.bucket.as_millis()).unwrap_or(i64::MAX);
    let count = known.checked_div(length).unwrap_or_default().max(0);
    u32::try_from(count).unwrap_or(u32::MAX).min(grid.count)
}

/// Cuts the first `count` buckets into grids of at most `longest` buckets each.
pub(super) fn chunks(grid: Grid, count: u32, longest: u32) -> Vec<Grid> {
    let starts = (0..count).step_by(usize::try_from(longest.max(1)).unwrap_or(usize::MAX));
    starts
        .filter_map(|start| {
            let from = if start == 0 {
                grid.from
            } else {
                grid.end_of(start - 1)?
            };
            Some(Grid {
                from,
                bucket: grid.bucket,
                count: longest.min(count - start),
            })
        })
        .collect()
}

/// Moves a grid back, by less than a bucket, so that it begins at a whole multiple of its buckets
/// since 1970: some sources know no other buckets.
pub(super) fn aligned(grid: Grid) -> Grid {
    let length = i64::try_from(grid.bucket.as_millis()).unwrap_or(i64::MAX);
    let begin = grid.from.timestamp_millis();
    let begin = begin - begin.checked_rem_euclid(length).unwrap_or_default();
    Grid {
        from: Timestamp::from_timestamp_millis(begin).unwrap_or(grid.from),
        ..grid
    }
}

/// Puts samples, by the milliseconds at which their buckets end, into the buckets of a grid.
///
/// Two samples for one bucket leave nothing: which one is meant cannot be told.
///
/// # Errors
/// Refused for a sample between two buckets: then other buckets were answered than asked for.
pub(super) fn place(
    grid: Grid,
    samples: impl IntoIterator<Item = (i64, Option<f64>)>,
    whom: &str,
) -> Result<Vec<Point>, Fault> {
    let count = usize::try_from(grid.count).unwrap_or(usize::MAX);
    let length = i64::try_from(grid.bucket.as_millis()).unwrap_or(i64::MAX);
    let first = grid.from.timestamp_millis().saturating_add(length);
    let mut points = vec![None; count];
    for (end, value) in samples {
        let offset = end.saturating_sub(first);
        if offset.checked_rem_euclid(length) != Some(0) {
            return Err(between(whom, end));
        }
        let bucket = usize::try_from(offset.checked_div(length).unwrap_or(-1)).ok();
        if let Some(slot) = bucket.and_then(|bucket| points.get_mut(bucket)) {
            *slot = Some(match slot {
                None => point(value),
                Some(_) => Point::Nothing(Nothing::Several),
            });
        }
    }
    let known = points.into_iter();
    Ok(known
        .map(|point| point.unwrap_or(Point::Nothing(Nothing::NoPoint)))
        .collect())
}

/// Reads one number; none is no point.
pub(super) fn point(value: Option<f64>) -> Point {
    match value {
        Some(number) if number.is_finite() => Point::Value(number),
        Some(_) => Point::Nothing(Nothing::NotANumber),
        None => Point::Nothing(Nothing::NoPoint),
    }
}

/// Gives the same nothing for every bucket.
pub(super) fn nothing(count: u32, why: Nothing) -> Vec<Point> {
    vec![Point::Nothing(why); usize::try_from(count).unwrap_or_default()]
}

/// Completes the points of the settled buckets to a whole answer, and says which are stale.
///
/// A chunk in which a series has no point looks like one without a series; the others tell.
pub(super) fn finish(mut points: Vec<Point>, grid: Grid) -> Vec<Point> {
    let none = Point::Nothing(Nothing::NoSeries);
    if points.iter().any(|point| *point != none) {
        for point in points.iter_mut().filter(|point| **point == none) {
            *point = Point::Nothing(Nothing::NoPoint);
        }
        mark_stale(&mut points);
    }
    let count = usize::try_from(grid.count).unwrap_or_default();
    points.resize(count, Point::Nothing(Nothing::NoPoint));
    points
}

fn mark_stale(points: &mut [Point]) {
    let missing = Point::Nothing(Nothing::NoPoint);
    let newest = points.iter().rposition(|point| *point != missing);
    let stale = newest.map_or(points.len(), |newest| newest + 1 + FRESH);
    for point in points.iter_mut().skip(stale) {
        *point = Point::Nothing(Nothing::Stale);
    }
}

fn end_of(grid: Grid, count: u32) -> Option<Timestamp> {
    grid.end_of(count.checked_sub(1)?)
}

fn between(whom: &str, end: i64) -> Fault {
    Fault::refused(format!(
        "{whom} answered for other buckets than asked for: {end} ms is in none of them"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(from: i64, bucket: u64, count: u32) -> Grid {
        Grid {
            from: at(from),
            bucket: Span::from_millis(bucket),
            count,
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_timestamp_millis(millis).unwrap()
    }

    const NO_POINT: Point = Point::Nothing(Nothing::NoPoint);

    #[test]
    fn only_buckets_that_are_over_and_settled_are_asked_for() {
        let minute = grid(60_000, 60_000, 5);
        assert_eq!(settled(minute, at(119_999), Span::ZERO), 0);
        assert_eq!(settled(minute, at(120_000), Span::ZERO), 1);
        assert_eq!(settled(minute, at(149_999), Span::from_secs(30)), 0);
        assert_eq!(settled(minute, at(150_000), Span::from_secs(30)), 1);
        assert_eq!(settled(minute, at(0), Span::ZERO), 0);
        assert_eq!(settled(minute, at(9_000_000), Span::ZERO), 5);
    }

    #[test]
    fn chunks_follow_each_other_without_gap() {
        let cut = chunks(grid(0, 1000, 9), 7, 3);
        let shape: Vec<_> = cut
            .iter()
            .map(|chunk| (chunk.from.timestamp_millis(), chunk.count))
            .collect();
        assert_eq!(shape, [(0, 3), (3000, 3), (6000, 1)]);
        assert!(chunks(grid(0, 1000, 9), 0, 3).is_empty());
    }

    #[test]
    fn a_grid_is_aligned_backwards() {
        assert_eq!(aligned(grid(61_500, 60_000, 1)).from, at(60_000));
        assert_eq!(aligned(grid(60_000, 60_000, 1)).from, at(60_000));
    }

    #[test]
    fn samples_find_their_bucket_and_nothing_else_is_a_value() {
        let samples = [
            (3000, Some(3.0)),
            (1000, Some(f64::NAN)),
            (2000, None),
            (4000, Some(4.0)),
            (4000, Some(4.0)),
            (99_000, Some(9.0)),
        ];
        let points = place(grid(0, 1000, 5), samples, "it").unwrap();
        let expected = [
            Point::Nothing(Nothing::NotANumber),
            NO_POINT,
            Point::Value(3.0),
            Point::Nothing(Nothing::Several),
            NO_POINT,
        ];
        assert_eq!(points, expected);
        assert!(place(grid(0, 1000, 5), [(1500, Some(1.0))], "it").is_err());
    }

    #[test]
    fn the_tail_behind_a_silent_series_is_stale() {
        let mut points = vec![Point::Value(1.0)];
        points.extend(nothing(4, Nothing::NoSeries));
        let finished = finish(points, grid(0, 1000, 6));
        let stale = Point::Nothing(Nothing::Stale);
        let expected = [
            Point::Value(1.0),
            NO_POINT,
            NO_POINT,
            stale,
            stale,
            NO_POINT,
        ];
        assert_eq!(finished, expected);
    }

    #[test]
    fn grids_without_length_or_end_are_refused() {
        assert!(check(grid(0, 0, 1)).is_err());
        assert!(check(grid(0, 1000, 100_001)).is_err());
        assert!(check(grid(0, u64::MAX, 2)).is_err());
        assert!(check(grid(0, 1000, 1)).is_ok());
    }
}
