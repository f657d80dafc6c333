//! A drawing of a judged recording: both arms, the ratio with its interval, the evidence.
//!
//! Written by hand as SVG, because three lines, a band and a few words are less than a drawing
//! library would bring. Every text goes through [`escaped`].

mod frame;

use gantry_judge::{sample::Sample, verdict::Verdict};

use crate::recording::Recording;
use frame::{Frame, Range};

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 680.0;
const CANARY: &str = "#c2410c";
const BASELINE: &str = "#475569";
const HARM: &str = "#b91c1c";

/// Draws the metric that the verdict leads with.
pub(crate) fn draw(recording: &Recording, each: &[Verdict], last: &Verdict, alpha: f64) -> String {
    let lead = last.lead;
    let name = last.leading().map_or("", |metric| metric.name.as_str());
    let buckets = each.len().max(1) as f64;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>{} — {}</title>\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"60\" y=\"28\" font-size=\"17\">{} — {}</text>\n",
        escaped(name),
        last.standing,
        escaped(name),
        last.standing
    );
    svg.push_str(&arms(recording, lead, buckets));
    svg.push_str(&ratio(each, lead, buckets));
    svg.push_str(&evidence(each, last, buckets, alpha));
    svg.push_str("</svg>\n");
    svg
}

/// Draws what each arm reported.
fn arms(recording: &Recording, lead: usize, buckets: f64) -> String {
    let series = recording.series.get(lead).map_or(&[][..], Vec::as_slice);
    let levels: Vec<(Option<f64>, Option<f64>)> = series.iter().map(level).collect();
    let (canary, baseline): (Vec<_>, Vec<_>) = levels.into_iter().unzip();
    let range = Range::of(
        canary
            .iter()
            .chain(&baseline)
            .flatten()
            .copied()
            .chain([0.0]),
    );
    let frame = Frame::new(45.0, 190.0, buckets, range, "both versions");
    let mut svg = frame.axes(|value| format!("{value:.4}"));
    svg.push_str(&frame.line(&baseline, BASELINE));
    svg.push_str(&frame.line(&canary, CANARY));
    svg.push_str(&frame.legend(&[("new", CANARY), ("old", BASELINE)]));
    svg
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

/// Draws the estimated ratio in its interval, on a scale of doublings.
fn ratio(each: &[Verdict], lead: usize, buckets: f64) -> String {
    let told = |verdict: &Verdict| verdict.metrics.get(lead).cloned();
    let metrics: Vec<_> = each.iter().map(told).collect();
    let doublings = |ratio: f64| ratio.log2().clamp(-7.0, 7.0);
    let estimates: Vec<Option<f64>> = metrics
        .iter()
        .map(|metric| metric.as_ref()?.estimate.map(doublings))
        .collect();
    let band: Vec<Option<(f64, f64)>> = metrics
        .iter()
        .map(|metric| {
            let interval = metric.as_ref()?.interval;
            Some((doublings(interval.low), doublings(interval.high)))
        })
        .collect();
    let range = Range {
        low: -4.0,
        high: 7.0,
    };
    let frame = Frame::new(
        255.0,
        190.0,
        buckets,
        range,
        "ratio new : old, anytime interval",
    );
    let mut svg = frame.band(&band, CANARY);
    svg.push_str(&frame.axes(|value| format!("×{:.3}", value.exp2())));
    svg.push_str(&frame.level(0.0, BASELINE, "equal"));
    svg.push_str(&frame.line(&estimates, CANARY));
    svg
}

/// Draws the evidence of all metrics, the threshold and the alarm.
fn evidence(each: &[Verdict], last: &Verdict, buckets: f64, alpha: f64) -> String {
    let threshold = (1.0 / alpha).ln();
    let logs: Vec<Option<f64>> = each.iter().map(|verdict| Some(verdict.log_e)).collect();
    let shown = logs.iter().flatten().copied();
    let range = Range::of(
        shown
            .chain([threshold * 1.3, -1.0])
            .map(|log| log.min(30.0)),
    );
    let frame = Frame::new(465.0, 170.0, buckets, range, "evidence of harm (odds)");
    let mut svg = frame.axes(odds);
    svg.push_str(&frame.level(threshold, HARM, "alarm"));
    svg.push_str(&frame.line(&logs, CANARY));
    if let Some(bucket) = last.alarm_bucket {
        svg.push_str(&frame.mark(f64::from(bucket), HARM, &format!("alarm at {bucket}")));
    }
    if let Some(bucket) = last.pass_bucket {
        let label = format!("harm excluded at {bucket}");
        svg.push_str(&frame.mark(f64::from(bucket), "#15803d", &label));
    }
    svg
}

fn odds(log: f64) -> String {
    let odds = log.exp();
    if odds >= 1e4 {
        format!("{odds:.0e}")
    } else if odds >= 10.0 {
        format!("{odds:.0}")
    } else {
        format!("{odds:.2}")
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
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
