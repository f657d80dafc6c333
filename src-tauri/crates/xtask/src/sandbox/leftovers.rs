//! What the kernel does not take away when a sandbox ends: its folder and its control groups.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::place::{LOCK, PREFIX};

const CONTROL_GROUPS: &str = "/sys/fs/cgroup";

/// Removes whatever sandboxes left that were killed.
///
/// What cannot be removed stays for the next time: a sweep never fails the work that follows.
pub(super) fn sweep() {
    for folder in entries(&std::env::temp_dir()) {
        if is_abandoned(&folder) {
            remove(&folder);
        }
    }
}

/// Removes the folder of a sandbox and the control groups of its containers.
pub(super) fn remove(folder: &Path) {
    if let Some(name) = folder.file_name() {
        let top = Path::new(CONTROL_GROUPS);
        // One hierarchy has the group at the top, several have it one level below.
        remove_groups(&top.join(name));
        for hierarchy in entries(top) {
            remove_groups(&hierarchy.join(name));
        }
    }
    let _stays_for_the_next_sweep = std::fs::remove_dir_all(folder);
}

fn is_abandoned(folder: &Path) -> bool {
    let is_sandbox = folder
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
    is_sandbox && File::open(folder.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
}

/// A control group is removed as an empty folder, those within it first.
fn remove_groups(group: &Path) {
    if !group.is_dir() {
        return;
    }
    for inner in entries(group).into_iter().filter(|path| path.is_dir()) {
        remove_groups(&inner);
    }
    let _still_in_use = std::fs::remove_dir(group);
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect()
}
