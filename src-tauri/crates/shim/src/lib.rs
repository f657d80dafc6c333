//! A process as small as possible that outlives the driver, runs one program and records what became of it.
//!
//! The driver starts the shim with a socket as its standard input, sends a [`spec::Spec`] through
//! it and listens for a [`reply::Reply`]. The shim leaves the driver's session, takes the
//! [`claim`] on the task, starts the program, keeps the end of its output in memory, and
//! at its end writes one [`record`]. Killing the driver at any moment changes nothing of that.
//!
//! Everything is a library so that another binary can serve as its own shim by calling
//! [`serve::serve`] as the first thing it does.
//!
//! Two files beside each other tell what became of a task, see [`claim::look`]:
//!
//! | claim | lock on it | record | meaning |
//! |---|---|---|---|
//! | absent | | | never started |
//! | there | held | absent | runs: the shim or something that it started lives |
//! | there | free | absent | vanished: shim and program are gone and nobody saw the end |
//! | there | any | there | finished |
//!
//! Secrets are in the spec alone. They never stand in arguments or on disk: the captured output is
//! redacted in memory before a byte of it is written.

pub mod claim;
mod output;
pub mod process;
pub mod record;
pub mod redaction;
pub mod reply;
pub mod serve;
pub mod spec;
