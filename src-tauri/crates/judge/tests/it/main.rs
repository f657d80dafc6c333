//! Tests of the judge through its public face.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may stop at once")]

mod vectors;
