//! Recorded series, as people hand them to the judge.
//!
//! Recordings carry notes and come from many tools, so keys that are not known are left alone,
//! and a number that is absent, null or no number is a missing bucket. What is not left alone is
//! a shape that cannot be judged: it is told with its place.

mod bare;

use gantry_judge::{
    config::{Direction, Family, Kind, MetricConfig, Part},
    gauge::Scale,
    noise::Noise,
    sample::{Count, Sample},
};
use serde_json::{Map, Value};

type Object = Map<String, Value>;
type Series = Vec<Option<f64>>;

/// The most buckets that a recording may have.
const MOST_BUCKETS: usize = 1_000_000;

/// A recording that was read: metrics whose buckets begin together.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    /// How long a bucket is.
    pub bucket_seconds: f64,
    /// The metrics.
    pub metrics: Vec<MetricConfig>,
    /// The buckets of each metric behind its warm-up, all as many.
    pub series: Vec<Vec<Sample>>,
}

impl Recording {
    /// Gives how many buckets there are.
    pub fn buckets(&self) -> usize {
        self.series.first().map_or(0, Vec::len)
    }

    /// Gives what all metrics brought in a bucket, from 0.
    pub fn bucket(&self, place: usize) -> Vec<Sample> {
        let at = |series: &Vec<Sample>| series.get(place).copied().unwrap_or(Sample::Missing);
        self.series.iter().map(at).collect()
    }
}

/// What cannot be judged, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unjudgeable {
    /// It is no JSON.
    #[error("line {line}, column {column}: {reason}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there, in the parser's words.
        reason: String,
    },
    /// Something has another shape than a recording.
    #[error("{place}: {reason}")]
    Shape {
        /// Where, for example `metrics[1].canary.bad[7]`.
        place: String,
        /// What is wrong there.
        reason: String,
    },
}

/// Where something stands in a recording.
#[derive(Clone, Debug)]
struct Place(String);

impl Place {
    fn key(&self, key: &str) -> Self {
        if self.0.is_empty() {
            Self(key.to_owned())
        } else {
            Self(format!("{}.{key}", self.0))
        }
    }

    fn index(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    fn wrong(&self, reason: impl Into<String>) -> Unjudgeable {
        let place = if self.0.is_empty() {
            "the recording".to_owned()
        } else {
            format!("`{}`", self.0)
        };
        Unjudgeable::Shape {
            place,
            reason: reason.into(),
        }
    }
}

/// Reads a recording: one metric, or a list of them; `noise` is what is assumed of each.
///
/// # Errors
/// Where it is no JSON, or no recording; the place is told.
pub fn read(bytes: &[u8], noise: Noise) -> Result<Recording, Unjudgeable> {
    let text = bare::numbers_to_null(bytes);
    let value: Value = serde_json::from_slice(&text).map_err(|error| Unjudgeable::Json {
        line: error.line(),
        column: error.column(),
        reason: without_place(&error),
    })?;
    let root = Place(String::new());
    let tracks = match &value {
        Value::Array(list) => tracks(list, &root, noise)?,
        Value::Object(object) => match object.get("metrics") {
            Some(Value::Array(list)) => tracks(list, &root.key("metrics"), noise)?,
            Some(_) | None => vec![track(object, &root, noise)?],
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(root.wrong("a metric or a list of metrics belongs here"));
        }
    };
    together(tracks)
}

/// One metric with its own buckets.
struct Track {
    metric: MetricConfig,
    bucket_seconds: f64,
    samples: Vec<Sample>,
    place: Place,
}

fn together(tracks: Vec<Track>) -> Result<Recording, Unjudgeable> {
    let bucket_seconds = tracks.first().map_or(60.0, |track| track.bucket_seconds);
    let other = tracks.iter().find(|t| t.bucket_seconds != bucket_seconds);
    if let Some(track) = other {
        let place = track.place.key("bucket_seconds");
        return Err(place.wrong("all metrics of a recording need buckets of the same length"));
    }
    let buckets = tracks.iter().map(|track| track.samples.len()).max();
    let (metrics, mut series): (Vec<_>, Vec<_>) = tracks
        .into_iter()
        .map(|track| (track.metric, track.samples))
        .unzip();
    for samples in &mut series {
        samples.resize(buckets.unwrap_or(0), Sample::Missing);
    }
    Ok(Recording {
        bucket_seconds,
        metrics,
        series,
    })
}

fn tracks(list: &[Value], place: &Place, noise: Noise) -> Result<Vec<Track>, Unjudgeable> {
    if list.is_empty() {
        return Err(place.wrong("there is no metric in the list"));
    }
    let each = list.iter().enumerate().map(|(index, value)| {
        let place = place.index(index);
        let object = value.as_object();
        track(
            object.ok_or_else(|| place.wrong("a metric belongs here"))?,
            &place,
            noise,
        )
    });
    each.collect()
}

fn track(object: &Object, place: &Place, noise: Noise) -> Result<Track, Unjudgeable> {
    let metric = metric(object, place, noise)?;
    let bucket_seconds = number(object, "bucket_seconds", place)?.unwrap_or(60.0);
    if bucket_seconds <= 0.0 {
        return Err(place
            .key("bucket_seconds")
            .wrong("a bucket has a length above zero"));
    }
    let warmup = number(object, "warmup_buckets", place)?.unwrap_or(0.0);
    if warmup < 0.0 || warmup.fract() != 0.0 {
        return Err(place
            .key("warmup_buckets")
            .wrong("a whole number belongs here"));
    }
    let samples = samples(object, metric.kind, place)?;
    Ok(Track {
        metric,
        bucket_seconds,
        samples: samples.into_iter().skip(warmup as usize).collect(),
        place: place.clone(),
    })
}

fn metric(object: &Object, place: &Place, noise: Noise) -> Result<MetricConfig, Unjudgeable> {
    let name = match text(object, "metric", place)? {
        Some(name) => name,
        None => text(object, "name", place)?.unwrap_or("metric"),
    };
    let kind = kind(object, place)?;
    let mut metric = MetricConfig::new(name, kind, noise);
    metric.direction = direction(object, place)?;
    metric.family = match kind {
        Kind::Ratio => Family::Errors,
        Kind::Gauge(_) if is_latency(name) => Family::Latency,
        Kind::Gauge(_) | Kind::Rate => Family::Other,
    };
    metric.weight = number(object, "weight", place)?;
    metric.never_above = number(object, "never_above", place)?;
    metric.tolerate = number(object, "tolerate", place)?.unwrap_or(metric.tolerate);
    metric.guard = number(object, "guard", place)?.unwrap_or(metric.guard);
    if let Some(kappa) = number(object, "kappa", place)? {
        if kappa < 0.0 {
            let place = place.key("kappa");
            return Err(place.wrong("a number of at least 0 belongs here"));
        }
        metric.noise = metric.noise.with_kappa(kappa);
    }
    if let Some(phi) = number(object, "phi", place)? {
        if !(0.0..1.0).contains(&phi) {
            let place = place.key("phi");
            return Err(place.wrong("a number from 0 to less than 1 belongs here"));
        }
        metric.noise = metric.noise.with_phi(phi);
    }
    if object.get("critical").and_then(Value::as_bool) == Some(true) {
        metric.critical = Some(2.0);
    }
    if object.get("observe").and_then(Value::as_bool) == Some(true) {
        metric.part = Part::Observed;
    }
    metric.history = series(object.get("history"), &place.key("history"))?
        .into_iter()
        .flatten()
        .collect();
    Ok(metric)
}

fn kind(object: &Object, place: &Place) -> Result<Kind, Unjudgeable> {
    let scale = match number(object, "scale", place)? {
        Some(unit) => Scale::Difference(unit),
        None => Scale::Ratio,
    };
    match text(object, "kind", place)? {
        Some("ratio") => Ok(Kind::Ratio),
        Some("rate") => Ok(Kind::Rate),
        Some("gauge" | "latency") => Ok(Kind::Gauge(scale)),
        Some(other) => Err(place
            .key("kind")
            .wrong(format!("`{other}` is no kind; ratio, rate and gauge are"))),
        None => Err(place.key("kind").wrong("ratio, rate or gauge belongs here")),
    }
}

fn direction(object: &Object, place: &Place) -> Result<Direction, Unjudgeable> {
    match text(object, "direction", place)? {
        Some("increase") | None => Ok(Direction::Increase),
        Some("decrease") => Ok(Direction::Decrease),
        Some("either") => Ok(Direction::Either),
        Some(other) => Err(place.key("direction").wrong(format!(
            "`{other}` is no direction; increase, decrease and either are"
        ))),
    }
}

/// Tells latencies by their names, for their weight among other metrics.
fn is_latency(name: &str) -> bool {
    let name = name.to_lowercase();
    let words = [
        "latency",
        "duration",
        "p50",
        "p90",
        "p95",
        "p99",
        "response_time",
    ];
    words.iter().any(|word| name.contains(word))
}

fn samples(object: &Object, kind: Kind, place: &Place) -> Result<Vec<Sample>, Unjudgeable> {
    let keys = match kind {
        Kind::Ratio => ("bad", "total"),
        Kind::Rate => ("events", "exposure"),
        Kind::Gauge(_) => {
            let (canary, place_canary) = arm(object, "canary", place)?;
            let (baseline, place_baseline) = arm(object, "baseline", place)?;
            let canary = required(canary, "value", &place_canary)?;
            let baseline = required(baseline, "value", &place_baseline)?;
            let buckets = canary.len().max(baseline.len());
            return Ok((0..buckets)
                .map(|bucket| Sample::Values {
                    canary: at(&canary, bucket),
                    baseline: at(&baseline, bucket),
                })
                .collect());
        }
    };
    let canary = counts(object, "canary", keys, place)?;
    let baseline = counts(object, "baseline", keys, place)?;
    let buckets = canary.len().max(baseline.len());
    let count = |arm: &[Option<Count>], bucket| arm.get(bucket).copied().flatten();
    Ok((0..buckets)
        .map(|bucket| Sample::Counts {
            canary: count(&canary, bucket),
            baseline: count(&baseline, bucket),
        })
        .collect())
}

fn counts(
    object: &Object,
    name: &str,
    (events, of): (&str, &str),
    place: &Place,
) -> Result<Vec<Option<Count>>, Unjudgeable> {
    let (arm, place) = arm(object, name, place)?;
    let events = required(arm, events, &place)?;
    let of = required(arm, of, &place)?;
    let count = |bucket| {
        let (events, of) = at(&events, bucket).zip(at(&of, bucket))?;
        Some(Count { events, of })
    };
    Ok((0..events.len().max(of.len())).map(count).collect())
}

fn at(series: &Series, bucket: usize) -> Option<f64> {
    series.get(bucket).copied().flatten()
}

fn arm<'a>(
    object: &'a Object,
    name: &str,
    place: &Place,
) -> Result<(&'a Object, Place), Unjudgeable> {
    let place = place.key(name);
    match object.get(name) {
        Some(Value::Object(arm)) => Ok((arm, place)),
        Some(_) => Err(place.wrong("an object with the series of this arm belongs here")),
        None => Err(place.wrong("this arm is missing")),
    }
}

fn required(arm: &Object, key: &str, place: &Place) -> Result<Series, Unjudgeable> {
    let place = place.key(key);
    match arm.get(key) {
        None => Err(place.wrong("this series is missing")),
        some => series(some, &place),
    }
}

fn series(value: Option<&Value>, place: &Place) -> Result<Series, Unjudgeable> {
    let list = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(place.wrong("a list of numbers belongs here")),
    };
    if list.len() > MOST_BUCKETS {
        return Err(place.wrong(format!("more than {MOST_BUCKETS} buckets are too many")));
    }
    let each = list.iter().enumerate();
    each.map(|(index, value)| bucket(value, &place.index(index)))
        .collect()
}

/// Reads one bucket; what says that there is no number is missing, other words are a mistake.
fn bucket(value: &Value, place: &Place) -> Result<Option<f64>, Unjudgeable> {
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64().filter(|number| number.is_finite())),
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => Ok(Some(number).filter(|number| number.is_finite())),
            Err(_) if text.trim().is_empty() => Ok(None),
            Err(_) => Err(place.wrong(format!("`{text}` is no number"))),
        },
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(place.wrong("a number or null belongs here"))
        }
    }
}

fn number(object: &Object, key: &str, place: &Place) -> Result<Option<f64>, Unjudgeable> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_f64() {
            Some(number) => Ok(Some(number)),
            None => Err(place.key(key).wrong("a number belongs here")),
        },
    }
}

fn text<'a>(object: &'a Object, key: &str, place: &Place) -> Result<Option<&'a str>, Unjudgeable> {
    match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(place.key(key).wrong("a word belongs here")),
    }
}

/// Gives the parser's words without the place, which stands in fields of its own.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text.get(..end).unwrap_or(&text).to_owned(),
        None => text,
    }
}
