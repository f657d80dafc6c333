//! The simulated world keeps the contracts of the ports.
