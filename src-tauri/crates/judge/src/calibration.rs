//! Learns from windows in which nothing was wrong how careful the judge has to be.
//!
//! A window is a time in which both arms ran the same version: two halves of the baseline, or an
//! earlier good canary. If such windows are exchangeable with the next one, the chance that the
//! next one alarms is at most `(alarms + 1) / (windows + 1)`. That bound has to be at most `alpha`,
//! which is why it takes twenty windows without a single alarm before anything is relaxed.
//!
//! Trying several assumptions costs nothing of that: who is bolder alarms wherever the more careful
//! one does, so that each window has its own boldest assumptions under which it stays quiet, and
//! what counts is where those of the next window rank among the others.

use crate::{
    config::{Config, Kind, MetricConfig, Misconfigured},
    judge::Judge,
    noise::Noise,
    sample::Sample,
    verdict::Standing,
};
use gantry_model::release::check::Profile;

/// The fewest windows that anything is concluded from.
pub const FEWEST_WINDOWS: usize = 20;

/// The relative variances that are tried, boldest first.
const KAPPAS: [f64; 5] = [0.04, 0.1, 0.2, 0.5, 1.0];

/// A time in which both arms ran the same version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// What the baseline of a gauge was before it, oldest first, as far as that is known: what is
    /// concluded holds for bakes that know as much.
    pub history: Vec<f64>,
    /// Its buckets.
    pub series: Vec<Sample>,
}

/// What calibration found for one metric of one service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibrated {
    /// What to assume of its noise.
    pub noise: Noise,
    /// How many windows were judged.
    pub windows: usize,
    /// How many of them alarmed under it.
    pub alarms: usize,
    /// The bound on the chance that the next one does.
    pub bound: f64,
}

/// Why nothing could be found.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Uncalibrated {
    /// There is too little to learn from.
    #[error("{0} windows are too few, {FEWEST_WINDOWS} are needed")]
    TooFew(usize),
    /// Even the most careful assumptions alarm too often.
    #[error("{alarms} of {windows} windows alarm even under the most careful assumptions")]
    TooNoisy {
        /// How many windows were judged.
        windows: usize,
        /// How many of them alarmed.
        alarms: usize,
    },
    /// The metric's numbers mean nothing.
    #[error("the metric cannot be judged")]
    Metric,
}

/// Finds the boldest assumptions under which windows without harm do not alarm too often.
///
/// # Errors
/// Where there are too few windows, or where even the most careful assumptions do not do.
pub fn calibrate(
    metric: &MetricConfig,
    windows: &[Window],
    alpha: f64,
) -> Result<Calibrated, Uncalibrated> {
    if windows.len() < FEWEST_WINDOWS {
        return Err(Uncalibrated::TooFew(windows.len()));
    }
    let mut fewest = windows.len();
    for noise in candidates(metric.kind) {
        let alarms = alarms(metric, noise, windows, alpha).map_err(|_| Uncalibrated::Metric)?;
        let bound = (alarms as f64 + 1.0) / (windows.len() as f64 + 1.0);
        if bound <= alpha {
            return Ok(Calibrated {
                noise,
                windows: windows.len(),
                alarms,
                bound,
            });
        }
        fewest = fewest.min(alarms);
    }
    Err(Uncalibrated::TooNoisy {
        windows: windows.len(),
        alarms: fewest,
    })
}

fn candidates(kind: Kind) -> Vec<Noise> {
    match kind {
        Kind::Ratio | Kind::Rate => KAPPAS
            .iter()
            .map(|kappa| Noise::FAST.with_kappa(*kappa))
            .collect(),
        Kind::Gauge(_) => vec![Noise::RESTLESS, Noise::FAST, Noise::SAFE],
    }
}

fn alarms(
    metric: &MetricConfig,
    noise: Noise,
    windows: &[Window],
    alpha: f64,
) -> Result<usize, Misconfigured> {
    let tried = MetricConfig {
        noise,
        history: Vec::new(),
        ..metric.clone()
    };
    let mut config = Config::new(Profile::Safe, vec![tried]);
    config.alpha = alpha;
    let fresh = Judge::new(config)?;
    let alarmed = |window: &&Window| {
        let mut judge = fresh.clone();
        judge.remember(0, &window.history);
        for sample in &window.series {
            judge.push(&[*sample]);
        }
        judge.standing(crate::judge::Deadline::Ahead).0 == Standing::Fail
    };
    Ok(windows.iter().filter(alarmed).count())
}
