//! Bundles of a recorded run: packed, looked at, and spoilt in every way.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall say so")]

mod given;
mod spoilt;
mod whole;
