//! What the black-box tests share: the built program, a place to run it in, small programs to release.
//!
//! The tests know Gantry as people do, by what it prints and by its exit status. Tasks are shell
//! scripts that write lines to a ledger, so that what really happened is read outside of Gantry.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "everything here serves tests, which end at the first surprise"
)]

pub mod answer;
pub mod binary;
pub mod graph;
pub mod ledger;
pub mod place;
pub mod process;
