//! The desktop app: one window over the same commands as the command line.
//!
//! `gantry-desktop [--db FILE] [RELEASE.yaml | gantry://release/ID]` opens the window. The page may
//! call one command, `call`, and listen to one event, `feed`, and nothing else of this program or
//! of Tauri. [`gateway`] decides what a call may do, [`shell`] is the window with what belongs to
//! it: [`menu`], [`tray`], [`quit`]; [`news`] carries changes out of the core.

mod arguments;
mod attention;
mod dialogs;
mod document;
mod gateway;
mod link;
mod menu;
mod news;
mod quit;
mod shell;
mod tray;

use std::{error::Error, io::Write, process::ExitCode, sync::Arc};

use gantry_api::app::{Caller, KnownBy};
use gantry_boot::settings::Settings;

use crate::{arguments::Arguments, gateway::Gateway, shell::Opening};

/// The hidden command with which the program starts itself for one task that must outlive it.
const SHIM: &str = "__shim";

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|first| first == SHIM)
    {
        return gantry_shim::serve::serve();
    }
    match open(Arguments::of(std::env::args_os().skip(1))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _unheard = writeln!(std::io::stderr(), "gantry-desktop: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn open(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let own_workspace = arguments.workspace.is_some();
    let settings = Settings::of_this_process(arguments.workspace)?;
    let name = settings
        .environment
        .get("USER")
        .cloned()
        .unwrap_or_else(|| "somebody".into());
    let caller = Caller {
        name,
        known: KnownBy::System,
    };
    let app = gantry_boot::app(&settings).behind_a_door();
    let gateway = Arc::new(Gateway::new(app, caller));
    let opening = Opening {
        file: arguments.file,
        link: arguments.link,
        own_workspace,
    };
    Ok(shell::run(gateway, opening)?)
}
