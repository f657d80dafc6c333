//! The planner, seen from outside.

mod assessment;
mod chains;
mod conditions;
mod given;
mod graph;
mod impossible;
mod rollback;
mod sample;
mod seal;
mod skew;
