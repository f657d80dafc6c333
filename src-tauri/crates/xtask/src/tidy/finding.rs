//! One untidy place.

use std::fmt;

/// Whether a finding fails the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    Warning,
    Error,
}

/// Where something is untidy, and what.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    pub(super) severity: Severity,
    place: String,
    message: String,
}

impl Finding {
    pub(super) fn error(place: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self::new(Severity::Error, place, message)
    }

    pub(super) fn warning(place: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self::new(Severity::Warning, place, message)
    }

    fn new(severity: Severity, place: impl fmt::Display, message: impl fmt::Display) -> Self {
        Self {
            severity,
            place: place.to_string(),
            message: message.to_string(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(formatter, "{word}: {}: {}", self.place, self.message)
    }
}
