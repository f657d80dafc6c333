//! The engine against small fakes: laws, sweeps and counts.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on shall say so"
)]

mod carried;
mod chaos;
mod commits;
mod criteria;
mod fakes;
mod judged;
mod matrix;
mod people;
mod plans;
mod signals;
mod silences;
mod stage;
mod stories;
mod sweeps;
mod time;
mod triggers;
mod turning;
