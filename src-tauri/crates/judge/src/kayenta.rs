//! Judges as Kayenta does, for people who come from it and want to see both side by side.
//!
//! This is a second implementation from the published behaviour; no code was taken. It is checked
//! with numeric facts from the unit tests of spinnaker/kayenta (Apache-2.0, Copyright 2017-2018
//! Netflix, Inc.). It is a test for one moment: asked again and again it cries wolf, and it is kept
//! as it is, faults included, except for what [`Repairs`] mends on demand.

mod mann_whitney;
mod score;
pub mod statistics;

pub use mann_whitney::{Estimate, Sides, normal_quantile, shift, standardised};
pub use score::{Grouped, score};

use crate::config::Direction;

/// How a metric is classified.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classifier {
    /// The confidence of the interval, for example 0.98.
    pub confidence: f64,
    /// The share of the estimated shift that is tolerated.
    pub tolerance: f64,
    /// Which way is worse.
    pub direction: Direction,
    /// How the size of an effect is measured.
    pub measure: Measure,
    /// A smaller effect than these passes: the lower and the upper bound.
    pub effect: (f64, f64),
    /// An effect of this size fails the whole release, if the metric is critical.
    pub critical: Option<(f64, f64)>,
    /// What an arm without data means.
    pub absent: Absent,
    /// What is mended.
    pub repairs: Repairs,
}

impl Classifier {
    /// What Kayenta's own judge uses.
    pub const PRODUCTION: Self = Self {
        confidence: 0.98,
        tolerance: 0.25,
        direction: Direction::Either,
        measure: Measure::MeanRatio,
        effect: (1.0, 1.0),
        critical: None,
        absent: Absent::NoData,
        repairs: Repairs::None,
    };
}

/// How the size of an effect is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The ratio of the means.
    MeanRatio,
    /// The chance that a value of the canary is the larger one.
    CommonLanguage,
}

/// What an arm without data means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// Nothing can be said.
    NoData,
    /// The metric passes, as Kayenta does where missing data are replaced by zero.
    Passes,
}

/// What is mended of Kayenta's behaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repairs {
    /// Nothing.
    None,
    /// Fewer than five points are no data, and roots are found relative to the data's spread
    /// instead of to one ten-thousandth, whatever the unit.
    FewPointsAndSmallUnits,
}

/// What a metric is found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Not worse.
    Pass,
    /// Larger than it should be.
    High,
    /// Smaller than it should be.
    Low,
    /// Nothing can be said.
    NoData,
}

/// A classified metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Classified {
    /// What it is found to be.
    pub class: Class,
    /// Whether it fails the whole release.
    pub critical: bool,
    /// The size of the effect; not a number where an arm is zero on average.
    pub deviation: f64,
    /// Why, in words.
    pub reason: &'static str,
}

/// The fewest points that [`Repairs`] accepts.
const FEWEST: usize = 5;

/// Classifies a metric by the values of both arms; what is not a number is left out.
pub fn classify(canary: &[f64], baseline: &[f64], classifier: &Classifier) -> Classified {
    let clean =
        |values: &[f64]| -> Vec<f64> { values.iter().copied().filter(|v| !v.is_nan()).collect() };
    let (canary, baseline) = (clean(canary), clean(baseline));
    if let Some(settled) = without_test(&canary, &baseline, classifier) {
        return settled;
    }
    let deviation = match classifier.measure {
        Measure::MeanRatio => statistics::mean_ratio(&canary, &baseline),
        Measure::CommonLanguage => statistics::common_language(&canary, &baseline),
    };
    let sides = Sides::untied(&canary, &baseline);
    let relative = classifier.repairs == Repairs::FewPointsAndSmallUnits;
    let Some(estimate) = shift(&sides, classifier.confidence, relative) else {
        return plain(Class::NoData, deviation, "all observations are tied");
    };
    if let Some(critical) = classifier.critical {
        let class = compare(&estimate, deviation, critical, classifier);
        if class != Class::Pass {
            return Classified {
                critical: true,
                ..plain(
                    class,
                    deviation,
                    "a critical metric is beyond its threshold",
                )
            };
        }
    }
    let class = compare(&estimate, deviation, classifier.effect, classifier);
    let reason = match class {
        Class::Pass | Class::NoData => "no difference beyond the tolerance",
        Class::High => "larger than the tolerance allows",
        Class::Low => "smaller than the tolerance allows",
    };
    plain(class, deviation, reason)
}

/// Classifies by nothing but which mean is larger.
pub fn by_mean(canary: &[f64], baseline: &[f64]) -> Class {
    if canary.is_empty() || baseline.is_empty() {
        return Class::NoData;
    }
    let (canary, baseline) = (statistics::mean(canary), statistics::mean(baseline));
    match canary.total_cmp(&baseline) {
        std::cmp::Ordering::Greater => Class::High,
        std::cmp::Ordering::Less => Class::Low,
        std::cmp::Ordering::Equal => Class::Pass,
    }
}

/// Settles what needs no test.
fn without_test(canary: &[f64], baseline: &[f64], classifier: &Classifier) -> Option<Classified> {
    let few = match classifier.repairs {
        Repairs::None => 1,
        Repairs::FewPointsAndSmallUnits => FEWEST,
    };
    if canary.len() < few || baseline.len() < few {
        let absent = match classifier.absent {
            Absent::NoData => Classified {
                critical: classifier.critical.is_some(),
                ..plain(Class::NoData, 1.0, "an arm has too few data")
            },
            Absent::Passes => plain(Class::Pass, 1.0, "missing data were told to pass"),
        };
        return Some(absent);
    }
    let (one, other) = (statistics::sorted(canary), statistics::sorted(baseline));
    let mut all = [one.clone(), other.clone()].concat();
    all.sort_by(f64::total_cmp);
    all.dedup();
    (one == other || all.len() == 1).then(|| plain(Class::Pass, 1.0, "both arms are the same"))
}

fn plain(class: Class, deviation: f64, reason: &'static str) -> Classified {
    Classified {
        class,
        critical: false,
        deviation,
        reason,
    }
}

/// Compares the interval of the shift with what is tolerated, and the effect with its bounds; an
/// effect that is not a number does not excuse anything.
fn compare(estimate: &Estimate, effect: f64, bounds: (f64, f64), classifier: &Classifier) -> Class {
    let tolerated = classifier.tolerance * estimate.shift.abs();
    let (up, down) = match classifier.direction {
        Direction::Increase => (true, false),
        Direction::Decrease => (false, true),
        Direction::Either => (true, true),
    };
    let unknown = effect.is_nan();
    if up && estimate.low > tolerated && (unknown || effect >= bounds.1) {
        Class::High
    } else if down && estimate.high < -tolerated && (unknown || effect <= bounds.0) {
        Class::Low
    } else {
        Class::Pass
    }
}
