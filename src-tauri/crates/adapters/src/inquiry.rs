//! What items of checklists ask: databases for one value, CI systems for what became of a commit.
//!
//! Everything here only reads, whatever stands in the question.

pub mod github;
pub mod gitlab;
pub mod postgres;
pub mod sqlite;

mod commit;
mod value;

use gantry_port::fault::{Fault, FaultKind};

/// Says that a connection is asked for something that it knows nothing of.
fn unanswered(product: &str, what: &str) -> Fault {
    let message = format!("{product} cannot be asked for {what}");
    Fault::new(FaultKind::Unsupported, message)
}
