//! The performer over the simulated world.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on shall say so"
)]

mod asked;
mod forward;
mod guard;
mod observing;
mod preflight;
mod undoing;
mod walk;
