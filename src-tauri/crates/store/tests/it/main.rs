//! The store against real files: rights, locks, crashes, failing and lying disks.

mod chain;
mod failing;
mod flipped;
mod group;
mod killed;
mod leases;
mod opening;
mod runs;
mod sample;
mod scenario;
