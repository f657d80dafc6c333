//! The folder of a sandbox.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// How the folders of all sandboxes begin.
pub(super) const PREFIX: &str = "gantry-sandbox-";

/// The file whose lock says that a sandbox is alive.
pub(super) const LOCK: &str = "lock";

/// A folder that is known to be in use as long as this value lives.
pub(super) struct Place {
    folder: PathBuf,
    _lock: File,
}

impl Place {
    pub(super) fn create() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir()
            .context("no folder for the sandbox")?
            .keep();
        // Locked before it has its name, so that nobody finds it unlocked and sweeps it away.
        let unnamed = folder.join("lock.new");
        let lock = File::create(&unnamed).context("no lock for the sandbox")?;
        lock.lock().context("cannot lock the sandbox")?;
        std::fs::rename(unnamed, folder.join(LOCK)).context("no lock for the sandbox")?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// This very program, copied into the folder.
    ///
    /// Its own path will not do: `cargo test` builds a new file there while this one still runs.
    pub(super) fn program(&self) -> Result<PathBuf> {
        let copy = self.folder.join("xtask");
        if !copy.exists() {
            std::fs::copy("/proc/self/exe", &copy).context("cannot copy this program")?;
        }
        Ok(copy)
    }
}
