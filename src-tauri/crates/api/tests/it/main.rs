//! The command API as doors see it.
#![cfg(test)]

#[cfg(feature = "bindings")]
mod bindings;
mod catalogue;
mod docs;
mod notices;
mod outbox_crashes;
mod recording;
mod rehearsals;
mod room;
mod stage;
