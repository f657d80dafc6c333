//! The engine against small fakes: laws, sweeps and counts.

mod chaos;
mod commits;
mod fakes;
mod matrix;
mod plans;
mod stage;
mod stories;
mod sweeps;
