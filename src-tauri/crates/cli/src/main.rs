//! The command line: text, JSON, exit status.

fn main() {}
