//! Decides what an event means, what should be in flight, and drives it.
