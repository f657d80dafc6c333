//! What the benches share: worlds, what a bucket of them says, and a line of text.

#[path = "../tests/it/families.rs"]
pub(crate) mod families;

use gantry_judge::sample::Sample;

/// An hour of minutes.
pub(crate) const HOUR: usize = 60;

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Gives the rate or the level of both arms, canary first.
pub(crate) fn rates(sample: &Sample) -> (f64, f64) {
    match sample {
        Sample::Counts {
            canary: Some(canary),
            baseline: Some(baseline),
        } => (canary.events / canary.of, baseline.events / baseline.of),
        Sample::Values {
            canary: Some(canary),
            baseline: Some(baseline),
        } => (*canary, *baseline),
        Sample::Counts { .. } | Sample::Values { .. } | Sample::Missing => (f64::NAN, f64::NAN),
    }
}
