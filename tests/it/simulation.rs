//! The real planner, engine and performer over the simulated world, in virtual time.
//!
//! `GANTRY_SEED=7` runs one scenario alone; `GANTRY_SEEDS=10000` says how many are run
//! from `GANTRY_FIRST_SEED` on.

mod determinism;
mod faults;
mod judged;
mod references;
mod rig;
mod scenarios;
mod seeds;
mod snapshots;
mod sweep;
mod unwind;
