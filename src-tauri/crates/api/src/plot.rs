//! A drawing of a judged recording: both arms, the ratio with its interval, the evidence.
//!
//! Written by hand as SVG, because three lines, a band and a few words are less than a drawing
//! library would bring. It follows the reader's light or dark background. Every text goes through
//! [`escaped`].

mod frame;

use gantry_judge::{
    config::Kind,
    sample::Sample,
    verdict::{Standing, Verdict},
};

use crate::recording::Recording;
use frame::{Frame, Range};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 716.0;
/// Evidence beyond this is drawn at the upper edge: a million to one.
const MOST_EVIDENCE: f64 = 13.9;

const STYLE: &str = "<style>
svg{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;font-size:13px}
.paper{fill:#fff}.ink,.title{fill:#0f172a}.title{font-weight:600}.head{font-size:19px;font-weight:600;fill:#0f172a}
.soft{fill:#64748b}.grid{stroke:#e2e8f0}.line{fill:none;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
.new{stroke:#ea580c}.old{stroke:#64748b}.band{fill:#ea580c;opacity:.17}
.level{stroke-dasharray:6 5;stroke-width:1.3}.mark{stroke-width:1.6}
line.bad{stroke:#b91c1c}text.bad{fill:#b91c1c}line.good{stroke:#15803d}text.good{fill:#15803d}
line.hold{stroke:#a16207}text.hold{fill:#a16207}line.plain{stroke:#475569}text.plain{fill:#475569}
.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
@media(prefers-color-scheme:dark){.paper{fill:#0d1117}.ink,.title,.head{fill:#f1f5f9}.soft{fill:#94a3b8}
.grid{stroke:#243041}.new{stroke:#fb923c}.old{stroke:#94a3b8}.band{fill:#fb923c;opacity:.2}
line.bad{stroke:#f87171}text.bad{fill:#f87171}line.good{stroke:#4ade80}text.good{fill:#4ade80}
line.hold{stroke:#facc15}text.hold{fill:#facc15}line.plain{stroke:#94a3b8}text.plain{fill:#94a3b8}.halo{stroke:#0d1117}}
</style>";

/// Draws the metric that the verdict leads with.
pub(crate) fn draw(recording: &Recording, each: &[Verdict], last: &Verdict, alpha: f64) -> String {
    let picture = Picture {
        recording,
        each,
        last,
        lead: last.lead,
        buckets: each.len().max(1) as f64,
    };
    let name = last.leading().map_or("", |metric| metric.name.as_str());
    let (class, words) = picture.outcome();
    let title = format!("{} — {}", escaped(name), last.standing);
    [
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\n\
             <title>{title}</title>\n{STYLE}\n\
             <rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\"/>\n\
             <text class=\"head\" x=\"28\" y=\"38\">{}</text>\n\
             <text class=\"head {class}\" x=\"{:.0}\" y=\"38\" text-anchor=\"end\">{words}</text>\n",
            escaped(name),
            WIDTH - 28.0
        ),
        picture.arms(),
        picture.ratio(),
        picture.evidence(alpha),
        "</svg>\n".to_owned(),
    ]
    .concat()
}

struct Picture<'a> {
    recording: &'a Recording,
    each: &'a [Verdict],
    last: &'a Verdict,
    lead: usize,
    buckets: f64,
}

impl Picture<'_> {
    /// Says how it ended, in a colour.
    fn outcome(&self) -> (&'static str, String) {
        let unit = self.unit();
        match (
            self.last.standing,
            self.last.alarm_bucket,
            self.last.pass_bucket,
        ) {
            (Standing::Fail, Some(bucket), _) => ("bad", format!("fail, alarm at {unit} {bucket}")),
            (Standing::Fail, None, _) => ("bad", "fail".to_owned()),
            (Standing::Pass, _, Some(bucket)) => {
                ("good", format!("pass, harm excluded at {unit} {bucket}"))
            }
            (Standing::Pass, _, None) => ("good", "pass at the deadline".to_owned()),
            (Standing::Hold | Standing::Open, _, _) => {
                ("hold", "hold, a person decides".to_owned())
            }
        }
    }

    fn unit(&self) -> &'static str {
        if self.recording.bucket_seconds == 60.0 {
            "minute"
        } else {
            "bucket"
        }
    }

    /// Draws where the verdict fell through a field.
    fn marks(&self, frame: &Frame<'_>) -> String {
        match (self.last.alarm_bucket, self.last.pass_bucket) {
            (Some(bucket), _) => frame.mark(f64::from(bucket), "bad"),
            (None, Some(bucket)) => frame.mark(f64::from(bucket), "good"),
            (None, None) => String::new(),
        }
    }

    /// Draws what each arm reported.
    fn arms(&self) -> String {
        let series = self.recording.series.get(self.lead);
        let levels = series.into_iter().flatten().map(level);
        let (canary, baseline): (Vec<_>, Vec<_>) = levels.unzip();
        let values = canary.iter().chain(&baseline).flatten().copied();
        let kind = self
            .recording
            .metrics
            .get(self.lead)
            .map(|metric| metric.kind);
        let share = kind == Some(Kind::Ratio);
        let frame = Frame {
            top: 88.0,
            height: 150.0,
            buckets: self.buckets,
            range: Range::of(values.chain([0.0])),
            title: if share { "share of requests" } else { "level" },
        };
        let places = frame.range.round(1e-9);
        let label = |value: f64| match share {
            true => format!("{} %", digits(100.0 * value)),
            false => digits(value),
        };
        [
            frame.axes(&places, label),
            self.marks(&frame),
            frame.line(&baseline, "old"),
            frame.line(&canary, "new"),
            frame.legend(&[("new version", "new"), ("old version", "old")]),
        ]
        .concat()
    }

    /// Draws the estimated ratio in its interval, on a scale of doublings.
    fn ratio(&self) -> String {
        let told = |verdict: &Verdict| verdict.metrics.get(self.lead).cloned();
        let metrics: Vec<_> = self.each.iter().map(told).collect();
        let estimates: Vec<Option<f64>> = metrics
            .iter()
            .map(|metric| metric.as_ref()?.estimate.map(f64::log2))
            .collect();
        let band: Vec<Option<(f64, f64)>> = metrics
            .iter()
            .map(|metric| {
                let interval = metric.as_ref()?.interval;
                Some((interval.low.log2(), interval.high.log2()))
            })
            .collect();
        // The first intervals bound nothing; what came of it is what is looked at.
        let settled = band.len() - band.len() / 2;
        let ends = band.iter().skip(settled).flatten();
        let shown = ends.flat_map(|(low, high)| [*low, *high]);
        let shown = shown.chain(estimates.iter().flatten().copied());
        let whole = Range::of(shown.filter(|log| log.abs() < 7.0).chain([-1.2, 1.5]));
        let range = Range {
            low: whole.low - 0.3,
            high: whole.high + 0.3,
        };
        let frame = Frame {
            top: 292.0,
            height: 160.0,
            buckets: self.buckets,
            range,
            title: "new : old, estimate in its 95 % anytime interval",
        };
        let guard = self
            .recording
            .metrics
            .get(self.lead)
            .map_or(2.0, |metric| metric.guard);
        let label = |log: f64| format!("×{}", digits(log.exp2()));
        [
            frame.band(&band.iter().map(|end| end.map(bounded)).collect::<Vec<_>>()),
            frame.axes(&range.round(1.0), label),
            frame.level(0.0, "plain", "equal"),
            frame.level(guard.log2(), "hold", "guard: must be excluded for a pass"),
            self.marks(&frame),
            frame.line(&estimates, "new"),
        ]
        .concat()
    }

    /// Draws the evidence of all metrics, the threshold and the alarm.
    fn evidence(&self, alpha: f64) -> String {
        let threshold = (1.0 / alpha).ln();
        let logs: Vec<Option<f64>> = self
            .each
            .iter()
            .map(|verdict| Some(verdict.log_e.min(MOST_EVIDENCE)))
            .collect();
        let shown = logs.iter().flatten().copied();
        let ten = std::f64::consts::LN_10;
        let frame = Frame {
            top: 506.0,
            height: 160.0,
            buckets: self.buckets,
            range: Range::of(shown.chain([threshold * 1.3, -ten])),
            title: "evidence of harm, odds on a logarithmic scale",
        };
        let decades = Range {
            low: frame.range.low / ten,
            high: frame.range.high / ten,
        };
        let places: Vec<f64> = decades
            .round(1.0)
            .iter()
            .map(|decade| decade * ten)
            .collect();
        let words = format!("alarm at {:.0} : 1", 1.0 / alpha);
        [
            frame.axes(&places, odds),
            frame.level(threshold, "bad", &words),
            self.marks(&frame),
            frame.line(&logs, "new"),
            frame.buckets(self.unit()),
        ]
        .concat()
    }
}

fn bounded((low, high): (f64, f64)) -> (f64, f64) {
    (low.clamp(-40.0, 40.0), high.clamp(-40.0, 40.0))
}

fn level(sample: &Sample) -> (Option<f64>, Option<f64>) {
    match sample {
        Sample::Counts { canary, baseline } => {
            let rate = |count: &gantry_judge::sample::Count| {
                Some(count.events / count.of).filter(|rate| rate.is_finite())
            };
            (
                canary.as_ref().and_then(rate),
                baseline.as_ref().and_then(rate),
            )
        }
        Sample::Values { canary, baseline } => (*canary, *baseline),
        Sample::Missing => (None, None),
    }
}

/// Writes odds whose logarithm is a whole number of tens.
fn odds(log: f64) -> String {
    match (log / std::f64::consts::LN_10).round() as i32 {
        0 => "1 : 1".to_owned(),
        1 => "10 : 1".to_owned(),
        2 => "100 : 1".to_owned(),
        3 => "1 000 : 1".to_owned(),
        decade if decade > 0 => format!("10{} : 1", superscript(decade)),
        -1 => "1 : 10".to_owned(),
        -2 => "1 : 100".to_owned(),
        decade => format!("1 : 10{}", superscript(-decade)),
    }
}

fn superscript(number: i32) -> String {
    let raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digits = number.to_string();
    let raise = |digit: char| raised.get(digit.to_digit(10)? as usize).copied();
    digits.chars().filter_map(raise).collect()
}

/// Writes a number with at most three places that count and no zeros at its end.
fn digits(value: f64) -> String {
    let size = value.abs().max(1e-12).log10().floor();
    let places = (2.0 - size).clamp(0.0, 6.0) as usize;
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// Writes text so that it is never markup.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // What turns the reading direction is no text either.
            '\u{061c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                out.push(' ');
            }
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
