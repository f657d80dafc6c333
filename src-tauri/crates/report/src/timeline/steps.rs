//! Forward steps in words.

use gantry_model::{
    event::{Cause, Happened, JudgedStanding, Knowledge},
    operation::SampleHealth,
    plan::Plan,
};

use super::{Told, said};
use crate::{account::trigger, document::Tone};

/// Tells a forward step; `None` for everything else.
pub(super) fn tell(plan: &Plan, what: &Happened) -> Option<Told> {
    call(what).or_else(|| watch(plan, what))
}

fn call(what: &Happened) -> Option<Told> {
    let told = match what {
        Happened::PreflightPassed { evidence, .. } => {
            Told::new(Tone::Plain, said("can be changed", &evidence.summary))
        }
        Happened::PreflightFailed { message, .. } => {
            Told::new(Tone::Bad, said("cannot be changed", message))
        }
        Happened::StepScheduled { until, .. } => Told::new(
            Tone::Faint,
            format!("due at {}", until.format("%Y-%m-%d %H:%M:%SZ")),
        ),
        Happened::StepStarted { round: 1, .. } => Told::new(Tone::Plain, "started"),
        Happened::StepStarted { round, .. } => {
            Told::new(Tone::Plain, format!("started, round {round}"))
        }
        Happened::StepSucceeded {
            known,
            by,
            evidence,
            ..
        } => succeeded(*known, &evidence.summary).by(by.as_deref()),
        Happened::StepFailed { cause, message, .. } => Told::new(
            Tone::Bad,
            said(&format!("failed ({})", cause_word(*cause)), message),
        ),
        Happened::StepRetried { message, by, .. } => {
            Told::new(Tone::Warn, said("is repeated", message)).by(by.as_deref())
        }
        Happened::StepLost { message, .. } => {
            Told::new(Tone::Warn, said("no word of it, looked at", message))
        }
        Happened::StepObserved { message, seen, .. } => Told::new(
            Tone::Warn,
            said(&format!("seen: {}", super::undo::seen(*seen)), message),
        ),
        Happened::StepCancelled { message, .. } => {
            Told::new(Tone::Plain, said("ended before it was over", message))
        }
        Happened::StepSkipped { by, reason, .. } => {
            Told::new(Tone::Warn, said("left out, not run", reason)).by(Some(by))
        }
        _ => return None,
    };
    Some(told)
}

fn succeeded(known: Knowledge, summary: &str) -> Told {
    let word = match known {
        Knowledge::Answer => "done",
        Knowledge::Observed => "done, as was seen afterwards",
        Knowledge::Person => "done, as a person says",
    };
    Told::new(Tone::Good, said(word, summary))
}

fn watch(plan: &Plan, what: &Happened) -> Option<Told> {
    let told = match what {
        Happened::BakeSampled {
            health, summary, ..
        } => {
            let (tone, word) = match health {
                SampleHealth::Healthy => (Tone::Plain, "well"),
                SampleHealth::Unhealthy => (Tone::Bad, "not well"),
                SampleHealth::Tripped => (Tone::Bad, "guardrail crossed"),
                SampleHealth::NoData => (Tone::Warn, "no data"),
            };
            Told::new(tone, said(word, summary))
        }
        Happened::BakeExtended { message, .. } => {
            Told::new(Tone::Warn, said("is watched on", message))
        }
        Happened::BakeMeasured { bucket, .. } => {
            let reading = |reading: &gantry_model::measure::Reading| {
                let worse = trigger::is_worse(
                    plan,
                    &reading.metric,
                    reading.canary.number(),
                    reading.baseline.number(),
                );
                let mark = if worse { ", worse" } else { "" };
                format!(
                    "{} new {}, old {}{mark}",
                    reading.metric,
                    trigger::level(&reading.canary),
                    trigger::level(&reading.baseline)
                )
            };
            let all: Vec<String> = bucket.readings.iter().map(reading).collect();
            Told::new(Tone::Faint, said("measured", &all.join("; ")))
        }
        Happened::BakeJudged(judged) => {
            let tone = match judged.standing {
                JudgedStanding::Open => Tone::Plain,
                JudgedStanding::Pass => Tone::Good,
                JudgedStanding::Fail => Tone::Bad,
                JudgedStanding::Hold => Tone::Warn,
            };
            let word = format!("judge: {} ({})", judged.standing.word(), judged.because);
            Told::new(tone, said(&word, &judged.sentence))
        }
        _ => return None,
    };
    Some(told)
}

fn cause_word(cause: Cause) -> &'static str {
    match cause {
        Cause::Refused => "refused",
        Cause::Unsent => "never sent",
        Cause::Busy => "too busy",
        Cause::Unsupported => "not supported",
        Cause::Conflict => "changed by somebody else",
        Cause::Timeout => "not over in time",
        Cause::Lost => "no word of it",
        Cause::Unhealthy => "not well",
        Cause::Guardrail => "guardrail crossed",
        Cause::Deadline => "nobody answered in time",
        Cause::Judge => "judged harmful",
        Cause::Inconclusive => "harm not excluded",
    }
}
