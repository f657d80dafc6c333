//! Tests of the judge through its public face.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests may stop at once and say why"
)]

mod decisions;
mod false_alarms;
mod families;
mod kayenta;
mod laws;
mod tools;
mod vectors;
