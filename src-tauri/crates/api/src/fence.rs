//! The files that a page may name: those of releases that a person opened, and no others.
//!
//! What a page says is not what a person says: a script that got into it could name any file. So a
//! door with a page gives commands only these files to read; a new one comes in through
//! `open-release` and `new-release` alone.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use async_trait::async_trait;
use gantry_model::digest::Digest;
use gantry_port::files::{Files, Over, Unreadable, Unwritten};

/// The files that are known; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownFiles(Arc<RwLock<BTreeSet<PathBuf>>>);

impl KnownFiles {
    /// Takes a file in.
    pub(crate) fn add(&self, file: impl Into<PathBuf>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(file.into());
    }

    fn has(&self, file: &Path) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.contains(file)
    }
}

/// Files with a fence around those that are known.
pub(crate) struct Fenced {
    files: Arc<dyn Files>,
    known: KnownFiles,
}

impl Fenced {
    pub(crate) fn new(files: Arc<dyn Files>, known: KnownFiles) -> Self {
        Self { files, known }
    }
}

#[async_trait]
impl Files for Fenced {
    async fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
        if self.known.has(path) {
            return self.files.read(path, limit).await;
        }
        Err(Unreadable {
            path: path.into(),
            reason: "it is not the file of a release that was opened here".into(),
            missing: true,
        })
    }

    async fn read_referred(&self, path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
        self.files.read_referred(path, limit).await
    }

    async fn write(&self, path: &Path, bytes: Vec<u8>, over: Over) -> Result<Digest, Unwritten> {
        if self.known.has(path) {
            return self.files.write(path, bytes, over).await;
        }
        Err(Unwritten::Refused {
            path: path.into(),
            reason: "it is not the file of a release that was opened here".into(),
        })
    }

    fn absolute(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        self.files.absolute(path)
    }
}
