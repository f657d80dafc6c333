//! The sandbox and the fixture's images, for real.
#![expect(
    clippy::unwrap_used,
    reason = "a test may fail by panicking, its companions too"
)]

mod container;
mod router;
mod sandbox;
mod shop;
