//! Printing, in one place.

use std::{fmt::Display, io::Write};

/// Prints one line; a closed pipe is no reason to stop.
pub(crate) fn say(line: impl Display) {
    let mut out = std::io::stdout().lock();
    let _unheard = writeln!(out, "{line}").and_then(|()| out.flush());
}
