//! Speaking to whoever typed the command, and asking back.

use std::fmt::Display;
use std::io::{BufRead, IsTerminal, Write};

/// Prints one line; a closed pipe is no reason to stop a chore.
pub fn say(line: impl Display) {
    let mut out = std::io::stdout().lock();
    let _unheard = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Whether a chore asks before it changes the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// Ask on a terminal.
    Ask,
    /// Somebody said `--yes`.
    Given,
}

impl Consent {
    /// Asks a yes-or-no question unless the answer is known.
    ///
    /// Where no terminal is there to be asked, as in CI, the answer is yes: whoever runs a chore
    /// unattended wants it done, and what it does has been printed before.
    #[must_use]
    pub fn to(self, question: &str) -> bool {
        if self == Self::Given || !std::io::stdin().is_terminal() {
            return true;
        }
        let mut out = std::io::stdout().lock();
        let _unheard = write!(out, "{question} [Y/n] ").and_then(|()| out.flush());
        let mut answer = String::new();
        match std::io::stdin().lock().read_line(&mut answer) {
            Ok(0) | Err(_) => false,
            Ok(_) => matches!(answer.trim(), "" | "y" | "Y" | "yes"),
        }
    }
}
