//! The simulated world keeps the contracts of the ports, and is the same every time.

mod clock;
mod conformance;
mod faults;
mod journal;
mod whatif;
