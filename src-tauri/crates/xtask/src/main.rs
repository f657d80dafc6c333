//! The repository's few chores: demo, test, tidy, bench.

fn main() {}
