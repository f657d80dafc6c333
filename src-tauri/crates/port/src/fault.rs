//! How a call to the outside can go wrong; what matters is what is known about its effect.

use gantry_model::unit::Span;
use serde::{Deserialize, Serialize};

/// A call that did not simply succeed.
///
/// The kind says what is known about the effect, because that decides what may be done next: an
/// unsent call may be repeated, a refused one is a definite failure, a lost one must be observed
/// before anything else happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What is known about the effect.
    pub kind: FaultKind,
    /// One sentence: what was asked, of whom, what came back, what to do. Never a secret.
    pub message: String,
}

/// What is known about the effect of a call that went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// Proven unsent: program not found, connection refused, name not resolved. Nothing was touched.
    Unsent,
    /// Definitely not applied now, and worth asking again: busy, rate-limited, 503.
    Busy {
        /// How long to wait at least, where the other side said so.
        after: Option<Span>,
    },
    /// A definite no: an exit status, a 4xx, an unhealthy instance. May have been applied in part.
    Refused,
    /// Nobody knows: timeout, reset, an answer that cannot be read. Observe before repeating.
    Lost,
    /// The adapter cannot do this at all; found before the start by its capabilities.
    Unsupported,
    /// Another driver holds the run, or the thing was changed by somebody else meanwhile.
    Conflict,
}

impl Fault {
    /// Builds a fault of a kind with its sentence.
    pub fn new(kind: FaultKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// Builds a fault that is proven unsent.
    pub fn unsent(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Unsent, message)
    }

    /// Builds a definite no.
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Refused, message)
    }

    /// Builds a fault of which nobody knows the effect.
    pub fn lost(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Lost, message)
    }
}
