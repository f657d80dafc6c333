//! The traits the core needs from outside; nothing here acts.
//!
//! [`platform::Platform`] is the one seam between the engine and the world: perform, observe,
//! sample. The performer implements it over the capability ports ([`workload`], [`router`],
//! [`task`], [`probe`], [`flag`], [`database`]); the testkit implements the capability ports over
//! a simulated world; the adapters implement them over real products.
//! [`metrics`] and [`alerts`] are what the judge and the triggers look at.
//! [`rooms`] and [`signer`] are the record of what people prepare, and their keys.
//! [`releases`] are the files that a workspace knows; [`changes`] is what happened to it meanwhile.
//! [`channel`] tells people, and [`outbox`] keeps what they are to be told.
//! [`journal`] is the record and its lease; [`clock`] is time; [`secret`] resolves references.

pub mod alerts;
pub mod catalogue;
pub mod changes;
pub mod channel;
pub mod clock;
pub mod connector;
pub mod database;
pub mod fault;
pub mod files;
pub mod flag;
pub mod inquiry;
pub mod journal;
pub mod metrics;
pub mod outbox;
pub mod platform;
pub mod ports;
pub mod probe;
pub mod releases;
pub mod rooms;
pub mod router;
pub mod secret;
pub mod signer;
pub mod task;
pub mod workload;
