//! The command line as people and programs read it.

mod around;
mod forecast;
mod judge;
mod machine;
mod metrics;
mod people;
mod readiness;
mod record;
mod secrets;
