//! Channels: a file per product.
//!
//! What products take was written from their public documentation; `docs/notifications.md` says
//! which were seen to take it.

pub mod desktop;
pub mod discord;
pub mod mail;
pub mod matrix;
pub mod nobody;
pub mod pagerduty;
pub mod slack;
pub mod statuspage;
pub mod teams;
pub mod webhook;

pub(crate) mod leak;
mod post;
