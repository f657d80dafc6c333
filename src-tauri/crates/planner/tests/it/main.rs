//! The planner, seen from outside.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot build what it looks at has failed"
)]

mod assessment;
mod chains;
mod conditions;
mod given;
mod graph;
mod impossible;
mod rollback;
mod sample;
mod seal;
mod skew;
mod stakeholders;
