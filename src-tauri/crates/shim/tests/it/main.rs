//! The shim as a real process.
