//! The performer over the simulated world.

mod asked;
mod forward;
mod guard;
mod observing;
mod preflight;
mod undoing;
mod walk;
