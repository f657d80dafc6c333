//! The words of the domain, and nothing else: no I/O, no async, no clock, no randomness.
//!
//! Start with [`release`] (what a person writes), go on to [`plan`] (what a release means, step by
//! step, leaving no choice to run time) and [`rollback`] (what has to be undone for any set of
//! touched steps). Names and ids are in [`id`], weights and durations in [`unit`].

pub mod command;
pub mod digest;
pub mod event;
pub mod id;
pub mod journal;
pub mod measure;
pub mod operation;
pub mod plan;
pub mod platform;
pub mod release;
pub mod rollback;
pub mod run;
pub mod seal;
pub mod secret;
pub mod time;
pub mod unit;
pub mod verify;
