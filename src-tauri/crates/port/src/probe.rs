//! Looking at health.

use async_trait::async_trait;
use gantry_model::{time::Timestamp, unit::Span};

use crate::fault::{Fault, FaultKind};

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeTarget {
    /// An HTTP address and the status that is healthy.
    Http {
        /// The whole address.
        url: String,
        /// The healthy status.
        status: u16,
    },
    /// A `host:port` that takes connections.
    Tcp {
        /// The address.
        address: String,
    },
    /// A program that ends with 0.
    Exec {
        /// Program and arguments.
        argv: Vec<String>,
        /// The folder it starts in.
        folder: String,
    },
}

/// What tells a time: when a backup was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// When a file was last written.
    File {
        /// The file.
        path: String,
    },
    /// The answer of an address, or when it says that it was changed.
    Http {
        /// The whole address.
        url: String,
    },
    /// The first line that a program prints.
    Exec {
        /// Program and arguments.
        argv: Vec<String>,
        /// The folder it starts in.
        folder: String,
    },
}

/// What one look said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeAnswer {
    /// Whether it was healthy.
    pub healthy: bool,
    /// One sentence: what was seen.
    pub detail: String,
}

/// Looks once. A refused connection or a wrong status is an answer, not a fault.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Looks once, for at most `timeout`.
    async fn probe(&self, target: &ProbeTarget, timeout: Span) -> Result<ProbeAnswer, Fault>;

    /// Reads a time. Whatever is no time is a fault: nobody knows then.
    async fn stamp(&self, _stamp: &Stamp, _timeout: Span) -> Result<Timestamp, Fault> {
        Err(Fault::new(FaultKind::Unsupported, "no time is read here"))
    }
}
