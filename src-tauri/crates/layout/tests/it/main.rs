//! Pictures of graphs, drawn at random and by hand.

mod given;
mod laws;
