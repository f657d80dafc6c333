//! What tests are made of; production code never depends on it.
//!
//! - [`draft`] writes releases in a few words;
//! - [`conformance`] asks of every adapter, real or simulated, what its port promises;
//! - [`monitoring`] starts real Prometheus, VictoriaMetrics and Alertmanager on loopback;
//! - [`invariants`] reads a journal beside the world that it is about, and finds what must never be;
//! - [`scenario`] makes a random release, random faults and random operators out of a seed.

pub mod conformance;
pub mod draft;
pub mod haproxy;
pub mod invariants;
pub mod monitoring;
pub mod scenario;
