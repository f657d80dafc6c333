//! One of the fields that are drawn below each other.

use std::fmt::Write as _;

use super::{WIDTH, escaped};

const LEFT: f64 = 80.0;
const RIGHT: f64 = 30.0;

/// What a field shows from bottom to top.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    /// Gives the range that holds all values, with something above and below.
    pub(super) fn of(values: impl Iterator<Item = f64>) -> Self {
        let start = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold(start, |(low, high), value| {
                (low.min(value), high.max(value))
            });
        if low >= high || !low.is_finite() {
            let middle = if low.is_finite() { low } else { 0.0 };
            return Self {
                low: middle - 1.0,
                high: middle + 1.0,
            };
        }
        Self {
            low,
            high: high + 0.05 * (high - low),
        }
    }
}

/// A field: its place, and what its sides mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    top: f64,
    height: f64,
    buckets: f64,
    range: Range,
    title: &'a str,
}

impl<'a> Frame<'a> {
    pub(super) fn new(top: f64, height: f64, buckets: f64, range: Range, title: &'a str) -> Self {
        Self {
            top: top + 18.0,
            height: height - 40.0,
            buckets,
            range,
            title,
        }
    }

    fn x(&self, bucket: f64) -> f64 {
        let width = WIDTH - LEFT - RIGHT;
        LEFT + width * (bucket - 0.5) / self.buckets
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.range.low) / (self.range.high - self.range.low);
        self.top + self.height * (1.0 - share.clamp(0.0, 1.0))
    }

    /// Draws the frame, three values at its side and the buckets below.
    pub(super) fn axes(&self, label: impl Fn(f64) -> String) -> String {
        let (right, bottom) = (WIDTH - RIGHT, self.top + self.height);
        let mut svg = format!(
            "<rect x=\"{LEFT}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" \
             stroke=\"#cbd5e1\"/>\n<text x=\"{LEFT}\" y=\"{:.1}\" fill=\"#334155\">{}</text>\n",
            self.top,
            right - LEFT,
            self.height,
            self.top - 6.0,
            escaped(self.title)
        );
        for share in [0.0, 0.5, 1.0] {
            let value = self.range.low + share * (self.range.high - self.range.low);
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#334155\">{}</text>",
                LEFT - 6.0,
                self.y(value) + 4.0,
                escaped(&label(value))
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"{:.1}\" fill=\"#64748b\">bucket 1</text>\
             <text x=\"{right}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#64748b\">{:.0}</text>",
            bottom + 15.0,
            bottom + 15.0,
            self.buckets
        );
        svg
    }

    /// Draws a line, broken where a bucket is missing.
    pub(super) fn line(&self, values: &[Option<f64>], colour: &str) -> String {
        let mut path = String::new();
        let mut pen = 'M';
        for (value, bucket) in values.iter().zip(1_u32..) {
            match value.filter(|value| value.is_finite()) {
                Some(value) => {
                    let (x, y) = (self.x(f64::from(bucket)), self.y(value));
                    let _ = write!(path, "{pen}{x:.1} {y:.1} h0.1 ");
                    pen = 'L';
                }
                None => pen = 'M',
            }
        }
        format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" \
             stroke-linecap=\"round\"/>\n"
        )
    }

    /// Draws a band between two lines.
    pub(super) fn band(&self, values: &[Option<(f64, f64)>], colour: &str) -> String {
        let whole: Vec<(f64, (f64, f64))> = values
            .iter()
            .zip(1_u32..)
            .filter_map(|(value, bucket)| Some((f64::from(bucket), (*value)?)))
            .collect();
        let point = |bucket: f64, value: f64| format!("{:.1},{:.1}", self.x(bucket), self.y(value));
        let below = whole.iter().map(|(bucket, (low, _))| point(*bucket, *low));
        let above = whole
            .iter()
            .rev()
            .map(|(bucket, (_, high))| point(*bucket, *high));
        let points: Vec<String> = below.chain(above).collect();
        format!(
            "<polygon points=\"{}\" fill=\"{colour}\" opacity=\"0.15\"/>\n",
            points.join(" ")
        )
    }

    /// Draws a dashed level with a word.
    pub(super) fn level(&self, value: f64, colour: &str, word: &str) -> String {
        let (right, y) = (WIDTH - RIGHT, self.y(value));
        format!(
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"{colour}\" \
             stroke-dasharray=\"5 4\"/>\n<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" \
             fill=\"{colour}\">{}</text>\n",
            right - 4.0,
            y - 4.0,
            escaped(word)
        )
    }

    /// Draws an upright line at a bucket with a word.
    pub(super) fn mark(&self, bucket: f64, colour: &str, word: &str) -> String {
        let (x, bottom) = (self.x(bucket), self.top + self.height);
        let (anchor, shift) = if x > WIDTH / 2.0 {
            ("end", -5.0)
        } else {
            ("start", 5.0)
        };
        format!(
            "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\" \
             stroke=\"{colour}\" stroke-width=\"2\"/>\n<text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"{anchor}\" fill=\"{colour}\">{}</text>\n",
            self.top,
            x + shift,
            bottom - 6.0,
            escaped(word)
        )
    }

    /// Draws names in their colours.
    pub(super) fn legend(&self, names: &[(&str, &str)]) -> String {
        let places = names.iter().rev().zip(0_u32..);
        let words = places.map(|((name, colour), place)| {
            format!(
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"{colour}\">{}</text>\n",
                WIDTH - RIGHT - 50.0 * f64::from(place),
                self.top - 6.0,
                escaped(name)
            )
        });
        words.collect()
    }
}
