//! The desktop app: one window that shows what a release file means.
//!
//! `gantry-desktop FILE` plans the release file and shows the plan, rollback plan first. The window
//! may call one command, `call`, and nothing else of this program or of Tauri.

mod gateway;
mod window;

use std::{error::Error, io::Write, path::PathBuf, process::ExitCode};

use gantry_api::app::{Caller, KnownBy};
use gantry_boot::settings::Settings;
use gateway::Gateway;

fn main() -> ExitCode {
    match open(std::env::args_os().nth(1).map(PathBuf::from)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _unheard = writeln!(std::io::stderr(), "gantry-desktop: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn open(release_file: Option<PathBuf>) -> Result<(), Box<dyn Error>> {
    let settings = Settings::of_this_process(None)?;
    let name = settings
        .environment
        .get("USER")
        .cloned()
        .unwrap_or_else(|| "somebody".into());
    let app = gantry_boot::app(&settings);
    Ok(window::run(Gateway::new(
        app,
        Caller {
            name,
            known: KnownBy::System,
        },
        release_file,
    ))?)
}
