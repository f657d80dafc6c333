//! Sees that there is a page to embed, and has Tauri generate its permissions.

use std::error::Error;
use std::path::Path;

/// What the window shows where nobody has built the page: a build without Node still links.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
    <title>Gantry</title></head><body><p>The page is not built: run <code>npm ci</code> and \
    <code>npm run build</code> in <code>ui</code>.</p></body></html>\n";

fn main() -> Result<(), Box<dyn Error>> {
    let built = Path::new("ui/dist");
    std::fs::create_dir_all(built)?;
    let start = built.join("index.html");
    if !start.exists() {
        std::fs::write(start, NOT_BUILT)?;
    }
    println!("cargo::rerun-if-changed=ui/dist");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(&["call"]));
    tauri_build::try_build(attributes)?;
    Ok(())
}
