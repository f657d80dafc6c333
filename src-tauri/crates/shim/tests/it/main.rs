//! The shim as a real process, without any driver around it.
#![cfg(test)]

mod harness;
mod keeper;
mod life;
mod race;
