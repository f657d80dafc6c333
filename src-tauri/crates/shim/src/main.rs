//! A process as small as possible that outlives the driver, runs one program and records what became of it.

fn main() {}
