//! The engine against small fakes: laws, sweeps and counts.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on shall say so"
)]

mod chaos;
mod commits;
mod criteria;
mod fakes;
mod matrix;
mod people;
mod plans;
mod stage;
mod stories;
mod sweeps;
mod turning;
