//! `judge`: recorded series of two arms to a verdict.

mod elsewhere;

use std::path::{Path, PathBuf};

use gantry_judge::{
    config::{Config, noise},
    judge::{Deadline, Judge as Judging},
    verdict::{MetricVerdict, Standing, Verdict},
};
use gantry_model::release::check::Profile;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    plot,
    recording::{self, Recording},
};

/// The longest recording, in bytes.
const LIMIT: u64 = 256 * 1024 * 1024;

/// Judges recorded series of two arms, bucket by bucket.
#[derive(Clone, Debug, Deserialize)]
pub struct Judge {
    /// The recording.
    pub file: PathBuf,
    /// How careful the judge is.
    #[serde(default)]
    pub profile: Profile,
    /// Which way it is judged.
    #[serde(default)]
    pub mode: Mode,
    /// Whether a drawing is asked for; only the judge's own way has one.
    #[serde(default)]
    pub drawing: Drawing,
}

/// Which way a recording is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// By evidence that stays valid while people watch.
    #[default]
    Anytime,
    /// As Kayenta does, asked again after every bucket.
    KayentaMw,
    /// As an analysis of Argo Rollouts does: limits on the canary alone.
    Argo(Limit),
    /// As Flagger does: so many failed checks roll back.
    Flagger(Limit),
}

/// A limit on what the canary reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub struct Limit {
    /// What it may not be beyond; where there is none, the metric's own `never_above`.
    #[serde(default)]
    pub limit: Option<f64>,
    /// How many failures Argo Rollouts still allows, or at how many Flagger rolls back.
    #[serde(default)]
    pub failures: Option<u32>,
}

/// Whether a drawing is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drawing {
    /// It is not.
    #[default]
    None,
    /// As SVG.
    Svg,
}

/// A judged recording.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Where things stood after every bucket.
    pub buckets: Vec<BucketLine>,
    /// The verdict at the end.
    pub verdict: VerdictLine,
    /// Where things stand at the end.
    #[serde(skip)]
    pub standing: Standing,
    /// The drawing, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
}

/// Where things stood after one bucket.
#[derive(Clone, Debug, Serialize)]
pub struct BucketLine {
    /// Always `bucket`.
    pub kind: &'static str,
    /// Which, from 1 after the warm-up.
    pub bucket: u32,
    /// The logarithm of the evidence of harm, where there is such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_e: Option<f64>,
    /// `open`, `fail`, `pass` or `hold`.
    pub verdict: &'static str,
    /// The ratio of canary to baseline in the leading metric.
    pub estimate: Option<f64>,
    /// Where that ratio lies; null where nothing bounds it above.
    pub interval: [Option<f64>; 2],
}

/// The verdict at the end.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictLine {
    /// Always `verdict`.
    pub kind: &'static str,
    /// `fail`, `pass` or `hold`.
    pub verdict: &'static str,
    /// The bucket of the alarm.
    pub alarm_bucket: Option<u32>,
    /// The bucket in which harm was excluded, if it was before the end.
    pub pass_bucket: Option<u32>,
    /// The logarithm of the evidence of harm, where there is such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_e: Option<f64>,
    /// The ratio of canary to baseline in the leading metric.
    pub estimate: Option<f64>,
    /// Where that ratio lies; null where nothing bounds it above.
    pub interval: [Option<f64>; 2],
    /// 100 where there is no evidence of harm, 0 where there is an alarm.
    pub score: f64,
    /// What was seen, and what would change the verdict.
    pub sentence: String,
    /// Each metric.
    pub metrics: Vec<MetricLine>,
}

/// One metric of the verdict.
#[derive(Clone, Debug, Serialize)]
pub struct MetricLine {
    /// Its name.
    pub metric: String,
    /// Its share of the decision.
    pub weight: f64,
    /// The logarithm of the evidence of harm, where there is such a thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_e: Option<f64>,
    /// The logarithm of the evidence against harm as large as the guard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_e_pass: Option<f64>,
    /// The ratio of canary to baseline.
    pub estimate: Option<f64>,
    /// Where that ratio lies; null where nothing bounds it above.
    pub interval: [Option<f64>; 2],
    /// How many buckets were missing.
    pub missing: u32,
}

impl Command for Judge {
    const NAME: &'static str = "judge";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Judges recorded series of two versions, bucket by bucket.";
    type Answer = Judged;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Judged, ApiError> {
        let recording = read(app, &self.file, self.profile).await?;
        match self.mode {
            Mode::Anytime => self.judge(&recording),
            Mode::KayentaMw => Ok(elsewhere::kayenta(&recording)),
            Mode::Argo(limit) => {
                elsewhere::argo(&recording, limit).map_err(|error| invalid(&self.file, &error))
            }
            Mode::Flagger(limit) => {
                elsewhere::flagger(&recording, limit).map_err(|error| invalid(&self.file, &error))
            }
        }
    }
}

/// Reads a recording.
pub(crate) async fn read(app: &App, file: &Path, profile: Profile) -> Result<Recording, ApiError> {
    let bytes = app.files.read(file, LIMIT).await?;
    if bytes.len() as u64 > LIMIT {
        return Err(invalid(
            file,
            "a recording of more than 256 MiB is too long",
        ));
    }
    recording::read(&bytes, noise(profile)).map_err(|error| invalid(file, &error))
}

impl Judge {
    fn judge(&self, recording: &Recording) -> Result<Judged, ApiError> {
        let config = Config {
            bucket_seconds: recording.bucket_seconds,
            ..Config::new(self.profile, recording.metrics.clone())
        };
        let alpha = config.alpha;
        let mut judge = Judging::new(config).map_err(|error| invalid(&self.file, &error))?;
        let mut verdicts = Vec::new();
        for bucket in 0..recording.buckets() {
            judge.push(&recording.bucket(bucket));
            verdicts.push(judge.verdict(Deadline::Ahead));
        }
        let last = judge.verdict(Deadline::Reached);
        let svg = match self.drawing {
            Drawing::None => None,
            Drawing::Svg => Some(plot::draw(recording, &verdicts, &last, alpha)),
        };
        Ok(Judged {
            buckets: verdicts.iter().map(BucketLine::new).collect(),
            verdict: VerdictLine::new(&last),
            standing: last.standing,
            svg,
        })
    }
}

impl Judged {
    /// Gives the exit status of the command line.
    pub fn exit_status(&self) -> u8 {
        match self.standing {
            Standing::Pass => 0,
            Standing::Fail => 1,
            Standing::Hold | Standing::Open => 5,
        }
    }
}

impl BucketLine {
    fn new(verdict: &Verdict) -> Self {
        Self {
            kind: "bucket",
            bucket: verdict.buckets,
            log_e: Some(verdict.log_e),
            verdict: verdict.standing.as_str(),
            estimate: verdict.leading().and_then(|metric| metric.estimate),
            interval: interval(verdict.leading()),
        }
    }
}

impl VerdictLine {
    fn new(verdict: &Verdict) -> Self {
        Self {
            kind: "verdict",
            verdict: verdict.standing.as_str(),
            alarm_bucket: verdict.alarm_bucket,
            pass_bucket: verdict.pass_bucket,
            log_e: Some(verdict.log_e),
            estimate: verdict.leading().and_then(|metric| metric.estimate),
            interval: interval(verdict.leading()),
            score: verdict.score,
            sentence: verdict.sentence.clone(),
            metrics: verdict.metrics.iter().map(MetricLine::new).collect(),
        }
    }
}

impl MetricLine {
    fn new(metric: &MetricVerdict) -> Self {
        Self {
            metric: metric.name.clone(),
            weight: metric.weight,
            log_e: Some(metric.log_e),
            log_e_pass: Some(metric.log_e_pass),
            estimate: metric.estimate,
            interval: interval(Some(metric)),
            missing: metric.missing,
        }
    }
}

fn interval(metric: Option<&MetricVerdict>) -> [Option<f64>; 2] {
    metric.map_or([None, None], |metric| {
        let finite = |end: f64| Some(end).filter(|end| end.is_finite());
        [finite(metric.interval.low), finite(metric.interval.high)]
    })
}

pub(crate) fn invalid(file: &Path, error: &(impl ToString + ?Sized)) -> ApiError {
    ApiError::new(
        ErrorCode::FileInvalid,
        format!("{}: {}", file.display(), error.to_string()),
        "docs/judge.md shows what a recording looks like",
    )
}
