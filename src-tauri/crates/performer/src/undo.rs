//! Going back to the baseline: traffic first, workloads second.

pub(crate) mod guard;
pub(crate) mod remove;
pub(crate) mod traffic;
pub(crate) mod workload;
