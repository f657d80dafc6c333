//! Locks of the operating system on files; they end with the process that holds them.

use std::{
    fs::{File, TryLockError},
    io,
};

/// A lock file, held or not; whatever is held is let go of when this is dropped.
pub(crate) struct LockFile(File);

impl LockFile {
    pub(crate) fn new(file: File) -> Self {
        Self(file)
    }

    /// Takes the lock for itself alone if nobody else has it, and says whether it did.
    pub(crate) fn try_exclusive(&self) -> io::Result<bool> {
        taken(self.0.try_lock())
    }

    /// Takes the lock together with others like it if nobody has it alone, and says whether it did.
    pub(crate) fn try_shared(&self) -> io::Result<bool> {
        taken(self.0.try_lock_shared())
    }

    /// Waits for the lock together with others, from whatever it holds now.
    pub(crate) fn share(&self) -> io::Result<()> {
        self.0.lock_shared()
    }
}

/// Closing would not do: a child that is being started has a copy of every open file until its
/// program runs, and a lock lasts as long as any copy of its file. Unlocking ends it for all.
impl Drop for LockFile {
    fn drop(&mut self) {
        // Nothing can be done here, and closing follows at once.
        let _unlocked = self.0.unlock();
    }
}

fn taken(result: Result<(), TryLockError>) -> io::Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_a_child_inherited_does_not_keep_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let file = File::create(&path).unwrap();
        let inherited = file.try_clone().unwrap();
        let held = LockFile::new(file);
        let next = LockFile::new(File::open(&path).unwrap());
        assert!(held.try_exclusive().unwrap());
        assert!(!next.try_exclusive().unwrap());
        drop(held);
        assert!(next.try_exclusive().unwrap());
        drop(inherited);
    }
}
