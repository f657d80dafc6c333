//! Sees to it that there is a page to embed, and has Tauri generate its permissions.

use std::{error::Error, fs, path::Path};

/// What the window shows where nobody built the page.
const UNBUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Gantry</title>\
    <p>This build has no page: run <code>npm ci && npm run build</code> in <code>ui</code>, then build again.</p></html>\n";

fn main() -> Result<(), Box<dyn Error>> {
    let page = Path::new("ui/dist");
    fs::create_dir_all(page)?;
    let first = page.join("index.html");
    if !first.exists() {
        fs::write(&first, UNBUILT)?;
    }
    println!("cargo::rerun-if-changed={}", page.display());
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(&["call"]));
    tauri_build::try_build(attributes)?;
    Ok(())
}
