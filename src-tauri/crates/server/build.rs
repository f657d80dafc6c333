//! Puts the built page into a release build; a debug build reads it from its folder while it runs,
//! so that a change of the page compiles nothing.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let built = root.join("../../../ui/dist");
    let mut table = String::from("pub(super) const EMBEDDED: &[(&str, &[u8])] = &[\n");
    let mut folder = None;
    if env::var("PROFILE")? == "release" {
        println!("cargo::rerun-if-changed={}", built.display());
        if built.join("index.html").exists() {
            list(&built, &built, &mut table)?;
        }
    } else {
        folder = Some(built);
    }
    table.push_str("];\n");
    writeln!(table, "pub(super) const FOLDER: Option<&str> = {folder:?};")?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("page.rs"), table)?;
    Ok(())
}

fn list(root: &Path, folder: &Path, table: &mut String) -> Result<(), Box<dyn Error>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            list(root, &path, table)?;
            continue;
        }
        let name = path.strip_prefix(root)?;
        let name = name.to_str().ok_or("a file of the page has an odd name")?;
        let name = name.replace('\\', "/");
        writeln!(
            table,
            "    ({name:?}, include_bytes!({:?})),",
            fs::canonicalize(&path)?
        )?;
    }
    Ok(())
}
