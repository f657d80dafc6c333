//! What the crate promises, from outside.
#![expect(
    clippy::unwrap_used,
    reason = "these files are tests, which clippy cannot tell of their helpers"
)]

mod calendar;
mod entries;
mod facts;
mod given;
mod items;
mod laws;
mod polls;
