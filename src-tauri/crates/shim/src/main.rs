//! The shim as a program of its own; all of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    gantry_shim::serve::serve()
}
