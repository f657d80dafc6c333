//! What is said to whom, seen from outside.
#![cfg(test)]

mod given;
mod polls;
mod said;
mod storms;
mod strangers;
