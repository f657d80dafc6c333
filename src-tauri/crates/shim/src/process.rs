//! Which process a number means: a number alone may mean another one tomorrow.

use std::fs;

use rustix::process::Pid;

/// A process by number and by when it was started, which together never mean another one
/// until the next boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// The number.
    pub id: Pid,
    /// When it was started, in clock ticks since the boot.
    pub start: u64,
}

impl Process {
    /// Looks up a process that exists, a zombie included.
    pub fn of(id: Pid) -> Option<Self> {
        stat(id).map(|stat| Self {
            id,
            start: stat.start,
        })
    }

    /// Says whether it still runs; a zombie does not.
    pub fn runs(self) -> bool {
        stat(self.id).is_some_and(|stat| stat.start == self.start && !stat.ended)
    }

    /// Gives the form that stands in a claim: `4711 123456`.
    pub fn to_text(self) -> String {
        format!("{} {}", self.id.as_raw_nonzero(), self.start)
    }

    /// Reads [`Self::to_text`] back.
    pub fn from_text(text: &str) -> Option<Self> {
        let (id, start) = text.split_once(' ')?;
        Some(Self {
            id: Pid::from_raw(id.parse().ok()?)?,
            start: start.parse().ok()?,
        })
    }
}

struct Stat {
    start: u64,
    ended: bool,
}

/// Reads `/proc/ID/stat`; the name in parentheses may itself hold spaces and parentheses.
fn stat(id: Pid) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{}/stat", id.as_raw_nonzero())).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let state = fields.next()?;
    // The start is the 22nd field of all, hence the 19th behind the state.
    let start = fields.nth(18)?.parse().ok()?;
    Some(Stat {
        start,
        ended: matches!(state, "Z" | "X"),
    })
}

/// Gives the id of this boot; empty where the kernel does not tell.
pub fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|text| text.trim().to_owned())
        .unwrap_or_default()
}
