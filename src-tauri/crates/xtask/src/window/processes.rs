//! The processes of an app, read from `/proc`.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// Gives the processes that this one started, and those that they started, eldest first.
pub(super) fn descendants(of: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = numbers()
        .filter_map(|pid| Some((pid, parent(pid)?)))
        .collect();
    let mut found = vec![of];
    let mut looked = 0;
    while let Some(&elder) = found.get(looked) {
        let children = all.iter().filter(|(_, parent)| *parent == elder);
        found.extend(children.map(|(pid, _)| *pid));
        looked += 1;
    }
    found.remove(0);
    found
}

/// Whether a process is one of this program.
pub(super) fn runs(pid: u32, program: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|file| file == program)
}

/// Ends processes at once, without a word to them.
pub(super) fn kill(pids: &[u32]) {
    for pid in pids {
        let pid = i32::try_from(*pid).ok().and_then(Pid::from_raw);
        // One that is gone already is what is wanted.
        let _gone = pid.map(|pid| kill_process(pid, Signal::KILL));
    }
}

/// Whether a process still lives; one that nobody has reaped yet does not.
pub(super) fn lives(pid: u32) -> bool {
    field(pid, 0).is_some_and(|state| state != "Z" && state != "X")
}

/// Gives when a process was started, in hundredths of a second since the machine was.
pub(super) fn started(pid: u32) -> Option<u64> {
    field(pid, 19)?.parse().ok()
}

/// Gives the memory that a process has for itself and its share of what it has with others.
pub(super) fn memory_kib(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn parent(pid: u32) -> Option<u32> {
    field(pid, 1)?.parse().ok()
}

/// Gives a field of `stat` behind the program's name, which may have spaces in it.
fn field(pid: u32, at: usize) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    rest.split_whitespace().nth(at).map(str::to_owned)
}

fn numbers() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_child_is_found_measured_and_ended() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let me = std::process::id();
        assert!(descendants(me).contains(&child.id()));
        assert!(lives(child.id()) && started(child.id()) >= started(me));
        assert!(memory_kib(me).unwrap() > 0);
        kill(&[child.id()]);
        assert!(!child.wait().unwrap().success());
        assert!(!lives(child.id()));
    }
}
