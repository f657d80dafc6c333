//! What people are told: written into the outbox beside what it tells of, sent from there.
//!
//! [`telling`] puts a journal between driver and store that adds messages to each commit.
//! [`votes`] adds what follows from time alone. [`sender`] delivers what waits, [`route`] finds the
//! channel of a message, and [`attend`] does all of it for as long as somebody stays. [`ledger`] is
//! what became of each message.

pub mod attend;
pub mod ledger;
pub(crate) mod parcel;
pub mod route;
pub mod sender;
pub(crate) mod telling;
pub(crate) mod votes;
pub(crate) mod wordings;
