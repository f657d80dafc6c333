//! HTTP for every adapter: clients that send to nowhere but where they are told, and readings
//! that are a JSON document or a fault.
//!
//! Whoever asks over HTTP does it from here, so that there is one place that says which
//! addresses are never reached, that no redirect is followed, and how much is read at most.

pub(crate) mod address;
pub(crate) mod client;
pub(crate) mod endpoint;
pub(crate) mod reading;
