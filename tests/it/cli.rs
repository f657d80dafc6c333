//! The command line as people and programs read it.

mod around;
mod canary;
mod carried;
mod forecast;
mod items;
mod judge;
mod machine;
mod metrics;
mod people;
mod readiness;
mod record;
mod secrets;
mod templates;
