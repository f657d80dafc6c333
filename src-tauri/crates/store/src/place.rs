//! Where a workspace lies: the file, its folder, and the folder of its locks.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use gantry_model::id::RunId;

use crate::{
    failure::Failure,
    lock::LockFile,
    private::{make_folder, private},
};

/// The paths of a workspace, made if they were not there, only for their owner.
pub(crate) struct Place {
    file: PathBuf,
    locks: PathBuf,
}

impl Place {
    /// Makes the folder, the empty file and the folder of locks where they are missing.
    ///
    /// The path is made absolute, links resolved: all processes have to meet at the same locks.
    pub(crate) fn prepare(path: &Path) -> Result<Self, Failure> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            Some(_) | None => Path::new("."),
        };
        make_folder(folder).map_err(Failure::file(folder))?;
        refuse_network(folder)?;
        if path.is_dir() {
            return Err(Failure::Unusable(format!(
                "{} is a folder, not a file",
                path.display()
            )));
        }
        match private(OpenOptions::new().write(true).create_new(true)).open(path) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::file(path)(error)),
        }
        let file = fs::canonicalize(path).map_err(Failure::file(path))?;
        let locks = beside(&file, ".locks");
        make_folder(&locks).map_err(Failure::file(&locks))?;
        Ok(Self { file, locks })
    }

    /// Gives the workspace file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Gives the file in which SQLite keeps what is not yet in the workspace file.
    pub(crate) fn log(&self) -> PathBuf {
        beside(&self.file, "-wal")
    }

    /// Opens a lock file of the workspace; it stays empty and is never deleted, because a deleted
    /// lock could be held by one process and made again by another.
    pub(crate) fn lock_file(&self, name: &str) -> Result<LockFile, Failure> {
        let path = self.locks.join(name);
        private(OpenOptions::new().write(true).create(true).truncate(false))
            .open(&path)
            .map(LockFile::new)
            .map_err(Failure::file(&path))
    }

    /// Opens the lock file of a run.
    pub(crate) fn run_lock(&self, run: &RunId) -> Result<LockFile, Failure> {
        self.lock_file(&format!("{}#{}.run", run.release(), run.number()))
    }
}

/// Makes an empty file that only its owner may read.
pub(crate) fn create_private(path: &Path) -> Result<(), Failure> {
    private(OpenOptions::new().write(true).create(true).truncate(true))
        .open(path)
        .map(drop)
        .map_err(Failure::file(path))
}

/// Gives the path with something added to its last name.
pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

/// SQLite's locks and shared memory do not work across machines, and a lock that does not lock
/// would let two drivers act.
#[cfg(target_os = "linux")]
fn refuse_network(folder: &Path) -> Result<(), Failure> {
    let found = rustix::fs::statfs(folder)
        .map_err(|error| Failure::file(folder)(io::Error::from(error)))?;
    match network_kind(found.f_type as u32) {
        Some(kind) => Err(Failure::Unusable(format!(
            "the folder is on a network file system ({kind}), where locks cannot be relied on; \
             keep the workspace on a local disk"
        ))),
        None => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn refuse_network(_: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Names the network file system with this magic number (`man 2 statfs`).
#[cfg(target_os = "linux")]
fn network_kind(magic: u32) -> Option<&'static str> {
    match magic {
        0x6969 => Some("NFS"),
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => Some("SMB"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        0x0bd0_0bd0 => Some("Lustre"),
        0x7375_7245 => Some("Coda"),
        _ => None,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn network_file_systems_are_known_by_their_number() {
        assert_eq!(network_kind(0x6969), Some("NFS"));
        assert_eq!(network_kind(0xef53), None, "ext4 is local");
        assert_eq!(network_kind(0x0102_1994), None, "tmpfs is local");
    }
}
