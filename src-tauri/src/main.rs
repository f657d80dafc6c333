//! The desktop app: one window that shows a plan.
//!
//! `gantry-desktop PLAN.json` shows what `gantry plan FILE --json` has written. The window may call
//! one command, `call`, and nothing else of this program or of Tauri.

mod gateway;
mod window;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let file = std::env::args_os().nth(1).map(PathBuf::from);
    match window::run(gateway::Gateway::new(file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _unheard = writeln!(std::io::stderr(), "gantry-desktop: {problem}");
            ExitCode::FAILURE
        }
    }
}
