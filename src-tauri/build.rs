//! Puts the page where the shell embeds it, and has Tauri generate its permissions.

use std::error::Error;
use std::path::Path;

/// The files of the page; nothing else gets into the window.
const PAGE: [&str; 4] = ["index.html", "plan.css", "plan.js", "tokens.css"];

fn main() -> Result<(), Box<dyn Error>> {
    let built = Path::new("ui/dist");
    std::fs::create_dir_all(built)?;
    for file in PAGE {
        let source = Path::new("ui").join(file);
        std::fs::copy(&source, built.join(file))?;
        println!("cargo::rerun-if-changed={}", source.display());
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(&["call"]));
    tauri_build::try_build(attributes)?;
    Ok(())
}
