//! A simulated world behind the capability ports, with faults and virtual time.
//!
//! Rehearsals, forecasts and tests run the very engine that runs production, over this world:
//!
//! - [`clock::VirtualClock`] is time that passes only while everybody waits;
//! - [`world::World`] is derived from a plan, holds what runs, and gives the ports onto it;
//! - [`fault::FaultPlan`] says which call goes wrong, and how;
//! - [`signal::Signals`] says how well the services do, as metrics and alerts tell it;
//! - [`journal::MemoryJournal`] is a journal in memory that can refuse or stop at the n-th write;
//! - [`noop::NoopPlatform`] succeeds at once, for counting commits and measuring the engine alone.
//!
//! Everything is a function of the plan, the settings and the order of the calls: the same seed
//! gives the same bytes.
//! Nothing here sleeps, spawns, or reads the machine's clock or environment.

pub mod clock;
pub mod fault;
pub mod journal;
pub mod ledger;
pub mod noop;
pub mod play;
pub mod signal;
pub mod whatif;
pub mod world;

mod alerts;
mod chance;
mod database;
mod flag;
mod inquiry;
mod metrics;
mod probe;
mod router;
mod state;
mod task;
mod wire;
mod workload;
