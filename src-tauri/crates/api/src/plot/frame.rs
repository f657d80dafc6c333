//! One of the fields that are drawn below each other.

use std::fmt::Write as _;

use super::{WIDTH, escaped};

const LEFT: f64 = 92.0;
const RIGHT: f64 = 28.0;
/// How high a field's title stands above it.
const TITLE: f64 = 10.0;
/// How many places at its side a field names at most.
const NAMED: f64 = 5.0;

/// What a field shows from bottom to top.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    /// Gives the range that holds all values, with something above.
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
            high: high + 0.08 * (high - low),
        }
    }

    /// Gives round numbers in the range, at most some.
    pub(super) fn round(self, least: f64) -> Vec<f64> {
        let rough = ((self.high - self.low) / NAMED).max(least);
        let ten = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|times| times * ten)
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(rough);
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        (first..=last).map(|times| times as f64 * step).collect()
    }
}

/// A field: its place, and what its sides mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub(super) top: f64,
    pub(super) height: f64,
    pub(super) buckets: f64,
    pub(super) range: Range,
    pub(super) title: &'a str,
}

impl Frame<'_> {
    pub(super) fn x(&self, bucket: f64) -> f64 {
        let width = WIDTH - LEFT - RIGHT;
        LEFT + width * (bucket - 0.5) / self.buckets
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.range.low) / (self.range.high - self.range.low);
        self.top + self.height * (1.0 - share.clamp(0.0, 1.0))
    }

    fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Draws the title and lines at named places.
    pub(super) fn axes(&self, places: &[f64], label: impl Fn(f64) -> String) -> String {
        let right = WIDTH - RIGHT;
        let mut svg = format!(
            "<text class=\"title\" x=\"{LEFT}\" y=\"{:.1}\">{}</text>\n",
            self.top - TITLE,
            escaped(self.title)
        );
        for place in places {
            let y = self.y(*place);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
                 <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 10.0,
                y + 4.0,
                escaped(&label(*place))
            );
        }
        svg
    }

    /// Draws the buckets below the field.
    pub(super) fn buckets(&self, unit: &str) -> String {
        let range = Range {
            low: 1.0,
            high: self.buckets,
        };
        let bottom = self.bottom();
        let mut svg = String::new();
        for bucket in range.round(1.0) {
            let x = self.x(bucket);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{bottom:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>\
                 <text class=\"soft\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{bucket:.0}</text>",
                bottom + 5.0,
                bottom + 20.0
            );
        }
        let _ = writeln!(
            svg,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{unit}</text>",
            LEFT - 10.0,
            bottom + 20.0
        );
        svg
    }

    /// Draws a line, broken where a bucket is missing.
    pub(super) fn line(&self, values: &[Option<f64>], class: &str) -> String {
        let mut path = String::new();
        let mut pen = 'M';
        for (value, bucket) in values.iter().zip(1_u32..) {
            match value.filter(|value| value.is_finite()) {
                Some(value) => {
                    let (x, y) = (self.x(f64::from(bucket)), self.y(value));
                    let _ = write!(path, "{pen}{x:.1} {y:.1}h.1");
                    pen = 'L';
                }
                None => pen = 'M',
            }
        }
        format!("<path class=\"line {class}\" d=\"{path}\"/>\n")
    }

    /// Draws a band between two lines.
    pub(super) fn band(&self, values: &[Option<(f64, f64)>]) -> String {
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
            "<polygon class=\"band\" points=\"{}\"/>\n",
            points.join(" ")
        )
    }

    /// Draws a dashed level with words at its right end.
    pub(super) fn level(&self, value: f64, class: &str, words: &str) -> String {
        let (right, y) = (WIDTH - RIGHT, self.y(value));
        format!(
            "<line class=\"level {class}\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\
             <text class=\"halo {class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\n",
            right - 4.0,
            y - 5.0,
            escaped(words)
        )
    }

    /// Draws an upright line at a bucket.
    pub(super) fn mark(&self, bucket: f64, class: &str) -> String {
        let x = self.x(bucket);
        format!(
            "<line class=\"mark {class}\" x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>\n",
            self.top,
            self.bottom()
        )
    }

    /// Draws names with a piece of their line, at the right end of the title's row.
    pub(super) fn legend(&self, names: &[(&str, &str)]) -> String {
        let y = self.top - TITLE;
        let mut right = WIDTH - RIGHT;
        let mut svg = String::new();
        for (name, class) in names.iter().rev() {
            let _ = writeln!(
                svg,
                "<text class=\"ink\" x=\"{right:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{name}</text>"
            );
            right -= 7.5 * name.chars().count() as f64 + 8.0;
            let _ = writeln!(
                svg,
                "<path class=\"line {class}\" d=\"M{:.1} {:.1}h22\"/>",
                right - 22.0,
                y - 4.5
            );
            right -= 42.0;
        }
        svg
    }
}
