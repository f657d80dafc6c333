//! The door over real HTTP, as a browser and as somebody who is none of its business.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these files are tests, which clippy cannot tell of their helpers"
)]

mod browser;
mod calls;
mod entrance;
mod files;
mod releases;
mod runs;
