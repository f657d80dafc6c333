//! What the tasks of one process share: one start at a time, and flushes made together.

use std::{
    collections::HashMap,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

/// Shared by all tasks of a process.
#[derive(Default)]
pub(super) struct Desk {
    starting: Mutex<()>,
    folders: Mutex<HashMap<PathBuf, Arc<Names>>>,
}

impl Desk {
    /// Starts a program while no other is started: between sharing a claim with its program and
    /// taking that back, another program would inherit it too and hold its lock.
    pub(super) fn start_alone<T>(&self, start: impl FnOnce() -> T) -> T {
        let _alone = lock(&self.starting);
        start()
    }

    /// Gives the names of the folder that a task lies in.
    pub(super) fn names(&self, task: &Path) -> Arc<Names> {
        let folder = task.parent().unwrap_or(Path::new("/"));
        let mut folders = lock(&self.folders);
        if let Some(names) = folders.get(folder) {
            return Arc::clone(names);
        }
        let names = Arc::new(Names::of(folder));
        folders.insert(folder.to_owned(), Arc::clone(&names));
        names
    }
}

/// Which files a folder has, made durable for all who wait by one flush.
pub(crate) struct Names {
    folder: PathBuf,
    progress: Mutex<Progress>,
    flushed: Condvar,
}

#[derive(Default)]
struct Progress {
    /// How many have asked so far.
    asked: u64,
    /// How many of them were served, the first first.
    served: u64,
    stage: Stage,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Idle,
    Flushing,
}

impl Names {
    /// Begins with a folder of which nothing was asked yet.
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            progress: Mutex::default(),
            flushed: Condvar::new(),
        }
    }

    /// Comes back once a flush that began after this call has ended. Who finds none under way
    /// makes one, for all who have asked by then; a flush that fails is tried by each for itself.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let mut progress = lock(&self.progress);
        progress.asked += 1;
        let ticket = progress.asked;
        while progress.served < ticket {
            if progress.stage == Stage::Flushing {
                progress = self
                    .flushed
                    .wait(progress)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            progress.stage = Stage::Flushing;
            let asked = progress.asked;
            drop(progress);
            let result = File::open(&self.folder).and_then(|folder| folder.sync_all());
            progress = lock(&self.progress);
            progress.stage = Stage::Idle;
            self.flushed.notify_all();
            result?;
            progress.served = progress.served.max(asked);
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn everybody_who_asks_is_served_and_a_folder_that_is_gone_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let names = Names::of(folder.path());
        thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| (0..20).for_each(|_| names.flush().unwrap()));
            }
        });
        drop(folder);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert!(names.flush().is_err()));
            }
        });
    }

    #[test]
    fn tasks_of_one_folder_share_its_names() {
        let desk = Desk::default();
        let names = |task: &str| desk.names(Path::new(task));
        assert!(Arc::ptr_eq(&names("/a/1"), &names("/a/2")));
        assert!(!Arc::ptr_eq(&names("/a/1"), &names("/b/1")));
    }
}
