//! The verdict in words: what was seen, and what would change it.

use gantry_model::release::check::Profile;

use crate::{
    config::{Config, Direction, Kind, MetricConfig},
    metric::Seen,
    verdict::{Cause, Interval, Lack, MetricVerdict, Standing, Verdict},
};

/// Buckets shorter than this are said to be short.
const SHORT_SECONDS: f64 = 15.0;

/// Writes the sentences of a verdict.
pub(crate) fn write(verdict: &Verdict, config: &Config, seen: &[Seen]) -> String {
    let lead = verdict.lead;
    let parts = match (config.metrics.get(lead), verdict.leading(), seen.get(lead)) {
        (Some(metric), Some(told), Some(seen)) => vec![
            observed(metric, told, seen),
            evidence(verdict, config, metric),
            outcome(verdict, config),
            conditions(verdict, config, told),
            outlook(verdict, config),
        ],
        _ => vec![outcome(verdict, config)],
    };
    let filled: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    filled.join(" ")
}

fn observed(metric: &MetricConfig, told: &MetricVerdict, seen: &Seen) -> String {
    let estimate = told.estimate.map_or("unknown".to_owned(), factor);
    let counted = match (seen, metric.kind) {
        (Seen::Counts(totals), Kind::Ratio) => {
            let canary = share(totals.canary_events, totals.canary_of);
            let baseline = share(totals.baseline_events, totals.baseline_of);
            match metric.allowances() {
                (more, _) if more > 0.0 => {
                    let more = number(100.0 * more);
                    format!("canary {canary} and {more} % tolerated, baseline {baseline}")
                }
                (_, more) if more > 0.0 => {
                    let more = number(100.0 * more);
                    format!("canary {canary}, baseline {baseline} and {more} % tolerated")
                }
                _ => format!("canary {canary}, baseline {baseline}"),
            }
        }
        (Seen::Counts(totals), Kind::Rate | Kind::Gauge(_)) => format!(
            "canary {} in {}, baseline {} in {}",
            number(totals.canary_events),
            number(totals.canary_of),
            number(totals.baseline_events),
            number(totals.baseline_of)
        ),
        (Seen::Levels(levels), _) => format!(
            "canary {} on average, baseline {}",
            number(levels.canary),
            number(levels.baseline)
        ),
    };
    let interval = between(told.interval);
    format!(
        "{} {estimate} ({counted}; 95 % anytime interval {interval}).",
        metric.name
    )
}

fn evidence(verdict: &Verdict, config: &Config, metric: &MetricConfig) -> String {
    let odds = odds(verdict.log_e);
    let bound = match metric.direction {
        Direction::Increase => format!("at most {}", factor(1.0 + metric.tolerate)),
        Direction::Decrease => format!("at least {}", factor(1.0 - metric.tolerate)),
        Direction::Either => format!("at most {} either way", factor(1.0 + metric.tolerate)),
    };
    let deciding = verdict.metrics.iter().filter(|metric| metric.weight > 0.0);
    let whose = if deciding.count() > 1 {
        " of all metrics together"
    } else {
        ""
    };
    let threshold = number(1.0 / config.alpha);
    format!("Evidence{whose} {odds} against “{bound}”; threshold {threshold} : 1.")
}

fn outcome(verdict: &Verdict, config: &Config) -> String {
    let at = |bucket: Option<u32>| bucket.map_or(String::new(), |bucket| moment(bucket, config));
    match &verdict.cause {
        Cause::Guardrail { metric } => format!(
            "Fail {}: {metric} is over what no version may exceed.",
            at(verdict.alarm_bucket)
        ),
        Cause::Critical { metric } => format!(
            "Fail {}: {metric} decides alone and did.",
            at(verdict.alarm_bucket)
        ),
        Cause::Evidence => format!("Alarm {}.", at(verdict.alarm_bucket)),
        Cause::BaselineUnhealthy { metric } => {
            format!("Hold: the old version itself is over the limit in {metric}.")
        }
        Cause::Early => format!("Pass {}: harm is excluded.", at(verdict.pass_bucket)),
        Cause::Deadline if verdict.standing == Standing::Pass => {
            "Pass at the end: harm is excluded.".to_owned()
        }
        Cause::Deadline => "Hold: what was seen does not exclude harm.".to_owned(),
        Cause::Undecided => "Nothing is decided yet.".to_owned(),
    }
}

fn conditions(verdict: &Verdict, config: &Config, told: &MetricVerdict) -> String {
    let profile = match config.profile {
        Profile::Safe => "safe",
        Profile::Fast => "fast",
    };
    let unit = if whole_minutes(config) {
        "minutes"
    } else {
        "buckets"
    };
    let short = if config.bucket_seconds < SHORT_SECONDS {
        format!(" Short buckets ({} s).", number(config.bucket_seconds))
    } else {
        String::new()
    };
    format!(
        "Noise profile: {profile}. Missing: {} of {} {unit}.{short}",
        told.missing, verdict.buckets
    )
}

fn outlook(verdict: &Verdict, config: &Config) -> String {
    match verdict.standing {
        Standing::Fail => {
            "The alarm stands; only a new attempt, with new evidence, can pass.".to_owned()
        }
        Standing::Pass => format!(
            "Evidence of {} : 1 for harm would still turn it into a fail.",
            number(1.0 / config.alpha)
        ),
        Standing::Hold | Standing::Open => {
            let needs: Vec<String> = verdict.lacks.iter().map(need).collect();
            match (&verdict.cause, needs.is_empty()) {
                (Cause::BaselineUnhealthy { .. }, _) => {
                    "A pass needs a healthy old version to compare with.".to_owned()
                }
                (_, true) => "At the deadline this is a pass.".to_owned(),
                (_, false) => format!("A pass needs {}.", needs.join("; ")),
            }
        }
    }
}

fn need(lack: &Lack) -> String {
    match lack {
        Lack::Buckets { metric, has, needs } => {
            format!("{needs} buckets of {metric} with both arms (there are {has})")
        }
        Lack::Requests { metric, has, needs } => format!(
            "{} requests in each arm of {metric} (the smaller has {})",
            number(*needs),
            number(*has)
        ),
        Lack::Missing {
            metric,
            missing,
            of,
        } => format!("at most 20 % of {metric} missing ({missing} of {of} are)"),
        Lack::Certainty {
            metric,
            interval,
            guard,
        } => format!(
            "the interval of {metric} to exclude {} (it is {})",
            factor(*guard),
            between(*interval)
        ),
        Lack::Traffic { planned, share } => format!(
            "the traffic to arrive ({} % of it was planned for the canary, {} % came)",
            number(100.0 * planned),
            number(100.0 * share)
        ),
    }
}

fn between(interval: Interval) -> String {
    match (interval.low > 0.0, interval.high.is_finite()) {
        (true, true) => format!("{}–{}", factor(interval.low), factor(interval.high)),
        (true, false) => format!("{} or more", factor(interval.low)),
        (false, true) => format!("{} or less", factor(interval.high)),
        (false, false) => "not bounded yet".to_owned(),
    }
}

fn moment(bucket: u32, config: &Config) -> String {
    if whole_minutes(config) {
        format!("at minute {bucket}")
    } else {
        format!("at bucket {bucket}")
    }
}

fn whole_minutes(config: &Config) -> bool {
    (config.bucket_seconds - 60.0).abs() < f64::EPSILON
}

fn share(events: f64, of: f64) -> String {
    let percent = 100.0 * events / of.max(f64::MIN_POSITIVE);
    format!("{percent:.2} % of {}", number(of))
}

fn factor(ratio: f64) -> String {
    format!("×{}", number(ratio))
}

/// Gives odds for people: what is far beyond any threshold is not told to the digit.
fn odds(log_e: f64) -> String {
    if log_e > 13.8 {
        return "more than 1 000 000 : 1".to_owned();
    }
    let odds = log_e.exp();
    if odds < 0.01 {
        return "less than 0.01 : 1".to_owned();
    }
    format!("{} : 1", number(odds))
}

/// Writes a number with three digits that matter, thousands apart.
fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1e9 || (size > 0.0 && size < 1e-3) {
        return format!("{value:.2e}");
    }
    let text = match size {
        _ if size >= 100.0 => format!("{value:.0}"),
        _ if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    let short = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    apart(&short)
}

/// Sets a space before each group of three digits of a whole number.
fn apart(text: &str) -> String {
    if text.len() < 4 || !text.chars().all(|c| c.is_ascii_digit()) {
        return text.to_owned();
    }
    let first = text.len() % 3;
    let mut groups = Vec::new();
    let (head, mut rest) = text.split_at(first);
    if !head.is_empty() {
        groups.push(head);
    }
    while let Some((group, behind)) = rest.split_at_checked(3) {
        groups.push(group);
        rest = behind;
    }
    groups.join(" ")
}
