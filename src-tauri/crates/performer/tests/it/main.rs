//! The performer over the simulated world.
