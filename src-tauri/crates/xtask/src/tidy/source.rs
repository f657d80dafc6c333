//! The files of the repository, as git knows them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A text file: its path from the repository's root, with slashes, and what it says.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

impl Source {
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The name of the file without its extension.
    pub(super) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }
}

/// Reads every file that is committed or could be, leaving out what git ignores.
pub(super) fn read_all(root: &Path) -> Result<Vec<Source>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .context("cannot run git")?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!("git ls-files: {}", words.trim());
    }
    let listing = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut paths: Vec<&str> = listing.split_terminator('\0').collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths
        .into_iter()
        // A file that git knows may be deleted, and one that is no text, such as a picture, has no
        // style but can be linked to.
        .filter_map(|path| {
            let bytes = std::fs::read(root.join(path)).ok()?;
            let text = String::from_utf8(bytes).unwrap_or_default();
            Some(Source {
                path: path.to_owned(),
                text,
            })
        })
        .collect())
}
