//! The command API as doors see it.

mod docs;
mod recording;
