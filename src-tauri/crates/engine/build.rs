//! Gives the code that folds runs a name that changes with it; see `drive/keep.rs`.

use std::{
    error::Error,
    fmt::Arguments,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Write},
    path::Path,
};

/// Where that code lies.
const FOLDERS: [&str; 2] = ["src", "../model/src"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hasher);
    for folder in FOLDERS {
        hash(Path::new(folder), &mut hasher)?;
        say(format_args!("cargo::rerun-if-changed={folder}"))?;
    }
    let name = hasher.finish();
    say(format_args!("cargo::rustc-env=GANTRY_FOLD={name:016x}"))
}

fn say(line: Arguments<'_>) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// Hashes the files of a folder and of those in it, in the order of their names.
fn hash(folder: &Path, hasher: &mut DefaultHasher) -> Result<(), Box<dyn Error>> {
    let paths: Result<Vec<_>, _> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect();
    let mut paths = paths?;
    paths.sort_unstable();
    for path in paths {
        if path.is_dir() {
            hash(&path, hasher)?;
        } else {
            path.to_string_lossy().hash(hasher);
            fs::read(&path)?.hash(hasher);
        }
    }
    Ok(())
}
