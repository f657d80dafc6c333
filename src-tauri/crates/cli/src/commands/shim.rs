//! The hidden side of the program that runs one task for a driver that may die.

use std::process::ExitCode;

/// Hands over to the shim; nothing of the application is put together for it.
pub(crate) fn run() -> ExitCode {
    gantry_shim::serve::serve()
}
