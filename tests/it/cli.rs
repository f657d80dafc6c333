//! The command line as people and programs read it.

mod machine;
mod people;
mod secrets;
