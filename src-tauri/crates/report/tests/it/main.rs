//! Reports of plans and runs.
