//! `calibrate`: past windows without harm to how careful the judge has to be.

use std::{collections::BTreeMap, path::PathBuf};

use gantry_judge::{
    calibration::{Calibrated, Window, calibrate},
    config::{Kind, MetricConfig},
    noise::Noise,
};
use gantry_model::release::check::Profile;
use serde::{Deserialize, Serialize};

use super::judge::read;
use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
};

/// The chance to stop a good version that is aimed at.
const ALPHA: f64 = 0.05;

/// Learns from windows without harm how careful the judge has to be.
///
/// The recording is a list; its entries with the same metric name are windows of that metric, each a
/// time in which both arms ran the same version.
#[derive(Clone, Debug, Deserialize)]
pub struct Calibrate {
    /// The recording.
    pub file: PathBuf,
}

/// What was learnt of one metric.
#[derive(Clone, Debug, Serialize)]
pub struct Learnt {
    /// Always `calibration`.
    pub kind: &'static str,
    /// Its name.
    pub metric: String,
    /// How many windows there are.
    pub windows: usize,
    /// What to assume of its noise; absent where nothing could be learnt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
    /// The same in a sentence.
    pub sentence: String,
}

/// What to assume of a metric's noise.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Found {
    /// `safe` or `fast`.
    pub profile: &'static str,
    /// The relative variance between the arms; counts only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kappa: Option<f64>,
    /// The correlation from bucket to bucket; gauges alone, where it is less than the profile assumes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phi: Option<f64>,
    /// How many windows alarm under it.
    pub alarms: usize,
    /// The bound on the chance that the next one does.
    pub bound: f64,
}

impl Command for Calibrate {
    const NAME: &'static str = "calibrate";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Learns from windows without harm how careful the judge has to be.";
    type Answer = Vec<Learnt>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<Learnt>, ApiError> {
        let recording = read(app, &self.file, Profile::Safe).await?;
        let mut metrics: BTreeMap<&str, (&MetricConfig, Vec<Window>)> = BTreeMap::new();
        for (metric, series) in recording.metrics.iter().zip(&recording.series) {
            let (_, windows) = metrics
                .entry(&metric.name)
                .or_insert_with(|| (metric, Vec::new()));
            windows.push(Window {
                history: metric.history.clone(),
                series: series.clone(),
            });
        }
        let learnt = metrics
            .into_values()
            .map(|(metric, windows)| learn(metric, &windows));
        Ok(learnt.collect())
    }
}

fn learn(metric: &MetricConfig, windows: &[Window]) -> Learnt {
    let learnt = |found: Option<Found>, sentence: String| Learnt {
        kind: "calibration",
        metric: metric.name.clone(),
        windows: windows.len(),
        found,
        sentence: format!("{}: {sentence}.", metric.name),
    };
    match calibrate(metric, windows, ALPHA) {
        Ok(calibrated) => {
            let found = found(metric.kind, &calibrated);
            let assume = match (found.kappa, found.phi) {
                (Some(kappa), _) => format!("--profile fast with \"kappa\": {kappa}"),
                (None, Some(phi)) => format!("--profile fast with \"phi\": {phi}"),
                (None, None) => format!("--profile {}", found.profile),
            };
            let sentence = format!(
                "{assume}; {} of {} windows alarm under it, the next one with a chance of at most {:.1} %",
                found.alarms,
                windows.len(),
                100.0 * found.bound
            );
            learnt(Some(found), sentence)
        }
        Err(error) => learnt(None, format!("{error}; stay with --profile safe")),
    }
}

fn found(kind: Kind, calibrated: &Calibrated) -> Found {
    let counts = match kind {
        Kind::Ratio | Kind::Rate => true,
        Kind::Gauge(_) => false,
    };
    let restless = calibrated.noise == Noise::RESTLESS;
    let bold = counts || restless || calibrated.noise == Noise::FAST;
    Found {
        profile: if bold { "fast" } else { "safe" },
        kappa: counts.then_some(calibrated.noise.kappa),
        phi: restless.then_some(calibrated.noise.phi),
        alarms: calibrated.alarms,
        bound: calibrated.bound,
    }
}
