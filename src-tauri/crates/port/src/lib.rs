//! The traits the core needs from outside.
