//! The smallest window that Tauri opens: what Gantry's own is measured against.

use std::process::ExitCode;

fn main() -> ExitCode {
    let context = tauri::generate_context!("src-tauri/hello/tauri.conf.json");
    match tauri::Builder::default().run(context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
