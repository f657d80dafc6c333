//! Forecasts of releases.

mod coverage;
mod worlds;
