//! Series over time: both versions of a metric, and the share of the traffic.

mod axis;

use super::{Anchor, Drawing, Figure, Paint, Shape};
use crate::{
    account::{
        exposure::Exposure,
        trigger::{number, percent},
        verdict::{Measured, Point, Verdict},
    },
    clock::since,
    document::{Sources, Table, Text, Tone},
};
use axis::{Frame, Scale};

/// How many buckets are listed under a chart; the others are in the record.
const LISTED: usize = 40;

/// A moment that is marked on a chart.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    pub(crate) elapsed_ms: u64,
    pub(crate) words: &'static str,
}

/// Draws the share of the traffic that each new version had.
pub(crate) fn traffic(all: &[Exposure], end: u64, marks: &[Mark]) -> Figure {
    const SHOWN: usize = 6;
    let shown = all.get(..SHOWN.min(all.len())).unwrap_or_default();
    let row = 54.0;
    let frame = Frame {
        left: 150.0,
        top: 14.0,
        width: 720.0,
        height: row * shown.len() as f64,
    };
    let mut drawing = frame.sheet(44.0);
    let time = Scale::new(0.0, end.max(1) as f64, frame.left, frame.left + frame.width);
    frame.times(&mut drawing, &time);
    for (place, exposure) in shown.iter().enumerate() {
        let base = frame.top + row * (place + 1) as f64 - 8.0;
        lane(&mut drawing, exposure, (base, row - 22.0), &time, end);
    }
    frame.marks(&mut drawing, &time, marks);
    Figure {
        caption: "Share of the traffic that the new versions had".to_owned(),
        words: told(all),
        numbers: shares(all),
        drawing,
    }
}

fn lane(
    drawing: &mut Drawing,
    exposure: &Exposure,
    (base, height): (f64, f64),
    time: &Scale,
    end: u64,
) {
    let y = |weight: u16| base - height * f64::from(weight) / 10_000.0;
    drawing.label(
        (138.0, base - height / 2.0 + 4.0),
        (Anchor::End, 12.0, Paint::Ink),
        super::fitted(&exposure.node, 20),
    );
    drawing.line(vec![(time.start(), base), (time.end(), base)], Paint::Grid);
    let mut points = vec![(time.start(), base)];
    let mut level = base;
    for share in &exposure.shares {
        let x = time.at(share.elapsed_ms as f64);
        points.push((x, level));
        level = y(share.weight_bp);
        points.push((x, level));
    }
    points.push((time.at(end as f64), level));
    drawing.line(points, Paint::New);
    // The last of several steps close together is the one that is named.
    let mut free = f64::MIN;
    for share in exposure.shares.iter().filter(|share| share.weight_bp > 0) {
        let x = time.at(share.elapsed_ms as f64) + 3.0;
        if x >= free {
            let words = percent(f64::from(share.weight_bp) / 10_000.0);
            free = x + 34.0;
            drawing.label(
                (x, y(share.weight_bp) - 4.0),
                (Anchor::Start, 10.0, Paint::Soft),
                words,
            );
        }
    }
}

fn told(all: &[Exposure]) -> String {
    let one = |exposure: &Exposure| {
        format!(
            "{} had up to {} for {}",
            exposure.node,
            percent(f64::from(exposure.highest_bp) / 10_000.0),
            crate::clock::lasting(exposure.exposed_ms)
        )
    };
    let all: Vec<String> = all.iter().map(one).collect();
    format!("{}.", all.join("; "))
}

fn shares(all: &[Exposure]) -> Table {
    let mut table = Table::new(&[("Since start", 2), ("Node", 3), ("Share>", 1)]);
    for exposure in all {
        for share in &exposure.shares {
            table.row(
                Tone::Plain,
                Sources::one(share.seq),
                vec![
                    Text::plain(since(share.elapsed_ms)),
                    Text::code(&exposure.node),
                    Text::plain(percent(f64::from(share.weight_bp) / 10_000.0)),
                ],
            );
        }
    }
    table
}

/// Draws both versions of a metric; `None` where fewer than two buckets were measured.
pub(crate) fn metric(verdict: &Verdict, measured: &Measured) -> Option<Figure> {
    let series = &measured.series;
    let (first, last) = (series.first()?, series.last()?);
    if series.len() < 2 {
        return None;
    }
    let frame = Frame {
        left: 78.0,
        top: 30.0,
        width: 790.0,
        height: 150.0,
    };
    let mut drawing = frame.sheet(44.0);
    let after = |point: &Point| (point.until - first.until).num_milliseconds().max(0) as f64;
    let time = Scale::new(
        0.0,
        after(last).max(1.0),
        frame.left,
        frame.left + frame.width,
    );
    let value = Scale::new(0.0, top(measured), frame.top + frame.height, frame.top);
    frame.times(&mut drawing, &time);
    frame.levels(&mut drawing, &value);
    if let Some(limit) = measured.limit.filter(|limit| *limit <= top(measured)) {
        let y = value.at(limit);
        drawing.line(vec![(time.start(), y), (time.end(), y)], Paint::Limit);
        drawing.label(
            (time.end(), y - 4.0),
            (Anchor::End, 10.0, Paint::Limit),
            format!("limit {}", number(limit)),
        );
    }
    for (paint, of) in [
        (
            Paint::Old,
            (|point: &Point| point.old) as fn(&Point) -> Option<f64>,
        ),
        (Paint::New, |point: &Point| point.new),
    ] {
        trace(&mut drawing, series, paint, &|point| {
            Some((time.at(after(point)), value.at(of(point)?)))
        });
    }
    frame.legend(&mut drawing);
    let title = format!("{} during {}", measured.metric, verdict.step);
    Some(Figure {
        caption: title,
        words: format!(
            "{}: new {}, old {}.",
            measured.metric, measured.new, measured.old
        ),
        numbers: listed(series),
        drawing,
    })
}

/// Draws a line with a gap wherever nothing was measured, and a dot where a number stands alone.
fn trace(
    drawing: &mut Drawing,
    series: &[Point],
    paint: Paint,
    place: &dyn Fn(&Point) -> Option<(f64, f64)>,
) {
    let mut run: Vec<(f64, f64)> = Vec::new();
    let mut flush = |run: &mut Vec<(f64, f64)>| match run.as_slice() {
        [] => {}
        [alone] => drawing.shapes.push(Shape::Dot {
            at: *alone,
            radius: 2.5,
            paint,
        }),
        _ => drawing.line(std::mem::take(run), paint),
    };
    for point in series {
        match place(point) {
            Some(at) => run.push(at),
            None => {
                flush(&mut run);
                run.clear();
            }
        }
    }
    flush(&mut run);
}

fn top(measured: &Measured) -> f64 {
    let all = measured
        .series
        .iter()
        .flat_map(|point| [point.new, point.old]);
    let highest = all.flatten().fold(0.0_f64, f64::max);
    // A limit far above everything measured would press the lines to the ground.
    let limit = measured.limit.filter(|limit| *limit < highest * 3.0);
    let top = highest.max(limit.unwrap_or(0.0)) * 1.15;
    if top > 0.0 { top } else { 1.0 }
}

fn listed(series: &[Point]) -> Table {
    let mut table = Table::new(&[("Until", 3), ("New>", 2), ("Old>", 2)]);
    let level = |value: Option<f64>| value.map_or_else(|| "no data".to_owned(), number);
    for point in series.iter().rev().take(LISTED).rev() {
        table.row(
            Tone::Plain,
            Sources::one(point.seq),
            vec![
                Text::plain(point.until.format("%H:%M:%SZ").to_string()),
                Text::plain(level(point.new)),
                Text::plain(level(point.old)),
            ],
        );
    }
    table
}
