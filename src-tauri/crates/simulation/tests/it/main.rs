//! The simulated world keeps the contracts of the ports, and is the same every time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall say so")]

mod clock;
mod conformance;
mod faults;
mod journal;
mod whatif;
