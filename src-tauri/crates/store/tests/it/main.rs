//! The store against real files: rights, locks, crashes, failing and lying disks.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "these files are tests, which clippy cannot tell of their helpers"
)]

mod catalogue;
mod chain;
mod failing;
mod flipped;
mod group;
mod killed;
mod leases;
mod opening;
mod outbox;
mod releases;
mod rooms;
mod runs;
mod sample;
mod scenario;
mod snapshots;
