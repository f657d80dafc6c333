//! The performer over the simulated world.

mod forward;
mod observing;
mod preflight;
mod undoing;
mod walk;
