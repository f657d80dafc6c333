//! One call to the daemon: its time, what it has changed so far, and what its errors mean.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use bollard::errors::Error;
use gantry_model::unit::Span;
use gantry_port::fault::{Fault, FaultKind};

/// Answers to a 500 that say "not now" rather than "no".
const PASSING: [&str; 7] = [
    "already in progress",
    "connection reset",
    "i/o timeout",
    "resource busy",
    "TLS handshake timeout",
    "toomanyrequests",
    "temporary failure",
];

/// The requests that belong to one call of a port.
pub(super) struct Session {
    daemon: bollard::Docker,
    host: String,
    changing: AtomicBool,
}

impl Session {
    pub(super) fn new(daemon: bollard::Docker, host: &str) -> Self {
        Self {
            daemon,
            host: host.to_owned(),
            changing: AtomicBool::new(false),
        }
    }

    /// Gives the daemon for questions.
    pub(super) fn daemon(&self) -> &bollard::Docker {
        &self.daemon
    }

    /// Sends a change. From now on nothing is proven untouched any more, unless this very request
    /// turns out to be unsent.
    pub(super) async fn attempt<T>(
        &self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let answer = request.await;
        if !matches!(&answer, Err(error) if is_unsent(error)) {
            self.changing.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// Sends a change, every error of which is a fault.
    pub(super) async fn change<T>(
        &self,
        what: &str,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Fault> {
        let answer = self.attempt(request).await;
        answer.map_err(|error| self.fault(what, &error))
    }

    /// Says what an error means for the effect of the call.
    pub(super) fn fault(&self, what: &str, error: &Error) -> Fault {
        let host = &self.host;
        let kind = match kind(error) {
            FaultKind::Unsent if self.changing.load(Ordering::Relaxed) => FaultKind::Lost,
            kind => kind,
        };
        Fault::new(kind, format!("{what} at Docker {host}: {}", words(error)))
    }

    /// Builds the fault of an answer that lacks what it must have.
    pub(super) fn unreadable(&self, what: &str, missing: &str) -> Fault {
        let host = &self.host;
        Fault::lost(format!(
            "{what} at Docker {host}: the answer has no {missing}"
        ))
    }

    pub(super) fn overdue(&self, what: &str, after: Duration) -> Fault {
        let host = &self.host;
        Fault::lost(format!(
            "{what} at Docker {host}: not over after {after:?}; observe it before anything else"
        ))
    }
}

/// The daemon's own sentence where it gave one, else the innermost cause.
fn words(error: &Error) -> String {
    match error {
        Error::DockerResponseServerError {
            status_code,
            message,
        } => {
            let sentence: String = message.trim().chars().take(600).collect();
            format!("{sentence} (status {status_code})")
        }
        Error::SocketNotFoundError(path) => {
            format!("there is no socket {path}; does the daemon run?")
        }
        other => {
            let mut cause: &dyn std::error::Error = other;
            while let Some(inner) = cause.source() {
                cause = inner;
            }
            format!("{other} ({cause})")
        }
    }
}

/// Whether an error proves that the request never reached the daemon.
fn is_unsent(error: &Error) -> bool {
    match error {
        Error::HyperLegacyError { err } => err.is_connect(),
        Error::SocketNotFoundError(_)
        | Error::UnsupportedURISchemeError { .. }
        | Error::InvalidURIError { .. }
        | Error::InvalidURIPartsError { .. }
        | Error::URLParseError { .. }
        | Error::URLEncodedError { .. } => true,
        _ => false,
    }
}

fn kind(error: &Error) -> FaultKind {
    match error {
        error if is_unsent(error) => FaultKind::Unsent,
        Error::DockerResponseServerError {
            status_code,
            message,
        } => kind_of_status(*status_code, message),
        Error::DockerStreamError { error } => kind_of_status(500, error),
        _ => FaultKind::Lost,
    }
}

fn kind_of_status(status: u16, message: &str) -> FaultKind {
    let passing = PASSING.iter().any(|word| message.contains(word));
    match status {
        429 | 503 => FaultKind::Busy { after: None },
        409 | 500 if passing => FaultKind::Busy {
            after: Some(Span::from_secs(1)),
        },
        // A proxy between us and the daemon gave up; the daemon may well have gone on.
        502 | 504 => FaultKind::Lost,
        _ => FaultKind::Refused,
    }
}

/// Whether the daemon said that there is no such thing.
pub(super) fn is_missing(error: &Error) -> bool {
    matches!(
        error,
        Error::DockerResponseServerError {
            status_code: 404,
            ..
        }
    )
}

/// Whether the daemon said that the name is taken or the thing is in another state.
pub(super) fn is_conflict(error: &Error) -> bool {
    matches!(
        error,
        Error::DockerResponseServerError {
            status_code: 409,
            ..
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_what_is_known() {
        let busy = |kind| matches!(kind, FaultKind::Busy { .. });
        assert_eq!(kind_of_status(404, "No such image"), FaultKind::Refused);
        assert_eq!(
            kind_of_status(500, "no space left on device"),
            FaultKind::Refused
        );
        assert!(busy(kind_of_status(503, "")));
        assert!(busy(kind_of_status(500, "toomanyrequests: slow down")));
        assert!(busy(kind_of_status(
            409,
            "removal of container is already in progress"
        )));
        assert_eq!(kind_of_status(504, ""), FaultKind::Lost);
    }

    #[test]
    fn garbage_and_silence_are_lost() {
        assert_eq!(kind(&Error::RequestTimeoutError), FaultKind::Lost);
        assert_eq!(kind(&Error::APIVersionParseError {}), FaultKind::Lost);
        assert!(is_unsent(&Error::SocketNotFoundError("/x".into())));
    }
}
