//! Metric samples to a verdict that is valid at any time. Pure, streaming.
//!
//! Start with [`judge::Judge`]: `new` with a [`config::Config`], `push` every bucket, ask for the
//! `verdict` whenever you like. Asking often changes nothing: the evidence of each metric is an
//! e-process, whose chance to *ever* reach `1/alpha` for a version that does no harm is at most
//! `alpha`, within the noise that the profile assumes. Where the evidence comes from is in
//! [`counts`] and [`gauge`]; what is assumed is in [`noise`] and learnt in [`calibration`].
//!
//! [`kayenta`] and [`threshold`] judge as other tools do, for people who come from them.
//!
//! There is no clock, no I/O and no randomness here.

pub mod calibration;
pub mod config;
pub mod counts;
pub mod gauge;
mod guardrail;
pub mod hypothesis;
pub mod judge;
pub mod kayenta;
mod logarithm;
mod metric;
pub mod noise;
pub mod reading;
pub mod sample;
mod sentence;
mod starts;
pub mod threshold;
pub mod verdict;
