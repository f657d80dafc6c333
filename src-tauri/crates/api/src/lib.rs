//! Every command of the product, once; doors only translate.
//!
//! [`command`] holds the one list of commands: a door calls them by type or by name with JSON.
//! [`app::App`] is what they work on, made of ports alone. [`follow`] drives a run in the door's
//! own process. [`error`] has the closed list of codes.

pub mod app;
#[cfg(feature = "bindings")]
pub mod bindings;
pub mod catalogue;
pub mod command;
pub mod commands;
pub mod drives;
pub mod error;
pub mod export;
pub mod feed;
mod fence;
pub mod follow;
mod forecast;
pub mod load;
pub mod notices;
pub mod observe;
pub mod picture;
mod plot;
pub mod reach;
pub mod readiness;
pub mod recording;
pub mod rehearsals;
pub mod room;
pub mod source;
mod templates;
pub mod watch;
pub mod workspace;
pub mod written;
