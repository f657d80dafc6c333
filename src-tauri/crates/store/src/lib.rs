//! SQLite behind the journal and repository ports.
//!
//! A workspace is one file. [`workspace::Workspace::open`] makes or opens it; the `Workspace`
//! implements [`gantry_port::journal::Journal`]. Several processes may have it open at once: one
//! drives a run, others read or post commands.
//!
//! What it promises: an answer that says "done" is on the disk (WAL, `synchronous=FULL`), a batch
//! is there whole or not at all, a driver that was replaced changes nothing any more, and a damaged
//! file is refused with a sentence, never used silently.
//!
//! How: each connection has a thread of its own (`worker`). Requests that arrive while a commit is
//! under way are committed together by the next one, so a busy workspace pays one disk flush for
//! many requests and a lone request waits for nobody. Each table has a file in `table` with its
//! SQL. Locks are the operating system's (`lock`, `gate`, `lease`), so they end with the process that
//! holds them.
//!
//! What is not there: no clock, no retries, no knowledge of what an event means.

pub mod fault;
pub mod private;
pub mod workspace;

mod failure;
mod gate;
mod lease;
mod lock;
mod pack;
mod place;
mod schema;
mod session;
mod stamp;
mod table;
mod worker;
