//! Who has the workspace open: one opens at a time, and the first knows that it is alone.

use std::{thread, time::Duration};

use crate::{failure::Failure, lock::LockFile, place::Place};

/// How often, and how long apart, an opener asks whether the one before it has finished.
const TRIES: u32 = 2_000;
const PAUSE: Duration = Duration::from_millis(5);

/// Whether somebody else has the workspace open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// Nobody: the file may be checked and migrated, and a log left behind is that of a crash.
    Alone,
    /// Another process, or another part of this one.
    Others,
}

/// The right to open the workspace, for a moment.
pub(crate) struct Gate {
    _gate: LockFile,
    presence: LockFile,
    company: Company,
}

/// Shows others that the workspace is open; dropped after the last connection is closed.
pub(crate) struct Presence {
    _file: LockFile,
}

impl Gate {
    /// Waits for the gate and looks whether others have the workspace open.
    pub(crate) fn enter(place: &Place) -> Result<Self, Failure> {
        let gate = place.lock_file("gate")?;
        wait_for(&gate, place)?;
        let presence = place.lock_file("presence")?;
        let alone = presence
            .try_exclusive()
            .map_err(Failure::file(place.file()))?;
        let company = if alone {
            Company::Alone
        } else {
            Company::Others
        };
        Ok(Self {
            _gate: gate,
            presence,
            company,
        })
    }

    /// Says whether others have the workspace open.
    pub(crate) fn company(&self) -> Company {
        self.company
    }

    /// Leaves the gate to the next one and stays present.
    ///
    /// Nobody asks for presence without holding the gate, so changing the lock cannot be overtaken.
    pub(crate) fn leave(self, place: &Place) -> Result<Presence, Failure> {
        self.presence.share().map_err(Failure::file(place.file()))?;
        Ok(Presence {
            _file: self.presence,
        })
    }
}

/// Waits with an end, so that one stopped process does not stop all others for ever.
fn wait_for(gate: &LockFile, place: &Place) -> Result<(), Failure> {
    for _ in 0..TRIES {
        if gate.try_exclusive().map_err(Failure::file(place.file()))? {
            return Ok(());
        }
        thread::sleep(PAUSE);
    }
    Err(Failure::Unusable(
        "another process has been opening it for 10 seconds".into(),
    ))
}
