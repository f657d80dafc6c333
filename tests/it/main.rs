//! Scenarios across everything.
#![cfg(test)]

mod cli;
mod exec;
mod kill;
mod mangled;
mod real;
mod simulation;
