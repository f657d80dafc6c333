//! The shim as a real process, without any driver around it.

mod harness;
mod life;
mod race;
