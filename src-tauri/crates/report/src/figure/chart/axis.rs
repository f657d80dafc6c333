//! The frame of a chart: scales, grid, marks, legend.

use super::Mark;
use crate::{
    account::trigger::number,
    clock::lasting,
    figure::{Anchor, Drawing, Paint},
};

/// The rectangle in which values are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// From values to places.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    until: f64,
    start: f64,
    end: f64,
}

impl Scale {
    pub(super) fn new(from: f64, until: f64, start: f64, end: f64) -> Self {
        Self {
            from,
            until,
            start,
            end,
        }
    }

    /// Gives the place of a value.
    pub(super) fn at(&self, value: f64) -> f64 {
        let span = self.until - self.from;
        let share = if span > 0.0 {
            (value - self.from) / span
        } else {
            0.0
        };
        self.start + share.clamp(0.0, 1.0) * (self.end - self.start)
    }

    pub(super) fn start(&self) -> f64 {
        self.start
    }

    pub(super) fn end(&self) -> f64 {
        self.end
    }

    /// Gives round values in the range, about so many.
    fn ticks(&self, about: f64, steps: &[f64]) -> Vec<f64> {
        let rough = (self.until - self.from) / about;
        let step = steps.iter().copied().find(|step| *step >= rough);
        let step = step.unwrap_or_else(|| round(rough));
        if step <= 0.0 || !step.is_finite() {
            return Vec::new();
        }
        let count = ((self.until - self.from) / step).floor() as u32;
        (0..=count.min(40))
            .map(|tick| self.from + f64::from(tick) * step)
            .collect()
    }
}

/// Rounds a step up to 1, 2 or 5 times a power of ten.
fn round(rough: f64) -> f64 {
    if rough <= 0.0 {
        return 0.0;
    }
    let power = 10.0_f64.powf(rough.log10().floor());
    let digit = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|digit| digit * power >= rough);
    digit.unwrap_or(10.0) * power
}

/// Spans that people count in, in milliseconds.
const SPANS: [f64; 17] = [
    1.0, 10.0, 100.0, 1e3, 5e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3, 1.8e6, 3.6e6, 7.2e6,
    2.16e7, 8.64e7,
];

impl Frame {
    /// Makes the sheet, with room below.
    pub(super) fn sheet(&self, below: f64) -> Drawing {
        Drawing {
            width: self.left + self.width + 30.0,
            height: self.top + self.height + below,
            shapes: Vec::new(),
        }
    }

    /// Draws the time axis.
    pub(super) fn times(&self, drawing: &mut Drawing, time: &Scale) {
        let bottom = self.top + self.height;
        for tick in time.ticks(7.0, &SPANS) {
            let x = time.at(tick);
            drawing.line(vec![(x, self.top), (x, bottom)], Paint::Grid);
            let words = if tick == 0.0 {
                "0".to_owned()
            } else {
                lasting(tick as u64)
            };
            drawing.label(
                (x, bottom + 15.0),
                (Anchor::Middle, 10.0, Paint::Soft),
                words,
            );
        }
    }

    /// Draws the value axis.
    pub(super) fn levels(&self, drawing: &mut Drawing, value: &Scale) {
        for tick in value.ticks(4.0, &[]) {
            let y = value.at(tick);
            drawing.line(
                vec![(self.left, y), (self.left + self.width, y)],
                Paint::Grid,
            );
            drawing.label(
                (self.left - 8.0, y + 3.5),
                (Anchor::End, 10.0, Paint::Soft),
                number(tick),
            );
        }
    }

    /// Draws moments as upright lines, their words below the times.
    pub(super) fn marks(&self, drawing: &mut Drawing, time: &Scale, marks: &[Mark]) {
        let bottom = self.top + self.height;
        let mut free = f64::MIN;
        for mark in marks {
            let x = time.at(mark.elapsed_ms as f64);
            drawing.line(vec![(x, self.top), (x, bottom + 20.0)], Paint::Mark);
            // Words of moments close together would lie on one another: the first is named.
            if x >= free {
                let width = mark.words.chars().count() as f64 * 6.0;
                let over = x + width > self.left + self.width + 24.0;
                let (anchor, shift) = if over {
                    (Anchor::End, -4.0)
                } else {
                    (Anchor::Start, 4.0)
                };
                drawing.label(
                    (x + shift, bottom + 31.0),
                    (anchor, 10.5, Paint::Mark),
                    mark.words,
                );
                free = x + width;
            }
        }
    }

    /// Says which line is which version.
    pub(super) fn legend(&self, drawing: &mut Drawing) {
        let mut x = self.left;
        for (paint, words) in [(Paint::New, "new version"), (Paint::Old, "old version")] {
            drawing.line(vec![(x, 12.0), (x + 22.0, 12.0)], paint);
            drawing.label((x + 28.0, 16.0), (Anchor::Start, 11.0, Paint::Ink), words);
            x += 130.0;
        }
    }
}
