//! How long a release will take, from how long its steps took before. Pure.
//!
//! Nobody adds medians up here: with branches side by side the latest one counts, and durations
//! lean to the long side, so a sum of usual durations is late more often than not. Instead the
//! whole release is played through some thousand times with durations drawn from the past.
//!
//! [`record`] takes a finished run apart into what each step took; [`history`] keeps the latest of
//! them; [`law`] says what a step may take next time; [`project`] is the graph of steps of a plan;
//! [`play`] plays it; [`forecast`] puts it together for a plan, and for a run that is under way;
//! [`timetable`] says when each step begins and ends, and how long a way back takes.
//!
//! Waiting for people is no duration of the release: it is told apart, in [`people`].
//! There is no clock, no I/O, and no randomness but what the plan's hash seeds.

pub mod forecast;
pub mod history;
pub mod law;
mod learn;
pub mod people;
pub mod play;
pub mod progress;
pub mod project;
mod random;
pub mod record;
pub mod timetable;
