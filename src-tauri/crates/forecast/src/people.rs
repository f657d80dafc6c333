//! How long people take to answer; never mixed into what the release itself takes.

use serde::Serialize;

/// The name of the gate before the first change.
pub(crate) const START: &str = "start";
/// The fewest waits that anything is said from.
const FEWEST: usize = 3;
/// Hours of the day that lie so far apart are still comparable.
const NEAR: u32 = 3;

/// One wait for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// The gate, or who does a manual step.
    pub whom: String,
    /// The hour of the day at which they were asked, UTC.
    pub hour: u32,
    /// How long it took.
    pub seconds: f64,
}

/// What a release waits for people for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Waits {
    /// The gate, or who does a manual step.
    pub whom: String,
    /// How many waits are known, near this hour of the day where there are enough.
    pub seen: usize,
    /// Half of them took at most this; absent where too few are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50_ms: Option<u64>,
    /// Eight of ten took at most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p80_ms: Option<u64>,
}

/// Tells how long somebody took before, at about this hour of the day.
pub(crate) fn waits<'a>(whom: String, hour: u32, past: impl Iterator<Item = &'a Wait>) -> Waits {
    let all: Vec<&Wait> = past.filter(|wait| wait.whom == whom).collect();
    let near = |wait: &&&Wait| {
        let apart = wait.hour.abs_diff(hour);
        apart.min(24 - apart) <= NEAR
    };
    let close: Vec<&Wait> = all.iter().filter(near).copied().collect();
    let used = if close.len() >= FEWEST { close } else { all };
    let mut seconds: Vec<f64> = used.iter().map(|wait| wait.seconds).collect();
    seconds.sort_by(f64::total_cmp);
    let quantile = |share: f64| {
        let place = (share * seconds.len() as f64).ceil() as usize;
        let one = seconds.get(place.saturating_sub(1))?;
        (seconds.len() >= FEWEST).then_some((one * 1000.0) as u64)
    };
    Waits {
        seen: seconds.len(),
        p50_ms: quantile(0.5),
        p80_ms: quantile(0.8),
        whom,
    }
}
