//! Forecasts of releases.

mod coverage;
mod play;
mod worlds;
