//! The few questions that chores and tests ask a Docker daemon.
//!
//! A request and its whole answer over the daemon's socket. The product itself speaks through its own adapter; this exists so
//! that a test can look at the world without the code under test.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::http::{Answer, JSON, Request, exchange};

const API: &str = "/v1.41";
const PATIENCE: Duration = Duration::from_secs(60);

/// A Docker daemon behind a socket.
#[derive(Debug, Clone)]
pub struct Engine {
    socket: PathBuf,
}

/// What is sent along with a request.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// Nothing.
    Empty,
    /// A JSON document.
    Json(&'a Value),
    /// A tar archive.
    Tar(&'a [u8]),
}

impl Engine {
    /// Speaks to the daemon behind this socket.
    #[must_use]
    pub fn at(socket: &Path) -> Self {
        Self {
            socket: socket.to_path_buf(),
        }
    }

    /// Speaks to the daemon that `DOCKER_HOST` names, if it names one behind a socket.
    #[must_use]
    pub fn from_environment() -> Option<Self> {
        let host = std::env::var("DOCKER_HOST").ok()?;
        host.strip_prefix("unix://")
            .map(|socket| Self::at(Path::new(socket)))
    }

    /// The socket of this daemon.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Sends one request, its path without the API version, and gives the answer's body.
    ///
    /// # Errors
    ///
    /// When the daemon cannot be reached, or answers with a status of 400 or more; its own words
    /// are in the message.
    pub fn request(&self, method: &str, path: &str, body: Body<'_>) -> Result<Vec<u8>> {
        let answer = self
            .exchange(method, path, body)
            .with_context(|| format!("{method} {path} at {}", self.socket.display()))?;
        if answer.status >= 400 {
            let words = String::from_utf8_lossy(&answer.content);
            bail!(
                "{method} {path} answered {}: {}",
                answer.status,
                words.trim()
            );
        }
        Ok(answer.content)
    }

    /// Sends one request and reads the answer as JSON.
    ///
    /// # Errors
    ///
    /// As [`Engine::request`], and when the answer is no JSON.
    pub fn json(&self, method: &str, path: &str, body: Body<'_>) -> Result<Value> {
        let content = self.request(method, path, body)?;
        serde_json::from_slice(&content).with_context(|| format!("{method} {path}: no JSON"))
    }

    fn exchange(&self, method: &str, path: &str, body: Body<'_>) -> Result<Answer> {
        let (kind, content) = match body {
            Body::Empty => (JSON, Vec::new()),
            Body::Json(value) => (JSON, serde_json::to_vec(value)?),
            Body::Tar(archive) => ("application/x-tar", archive.to_vec()),
        };
        let stream = UnixStream::connect(&self.socket)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = Request {
            method,
            path: &format!("{API}{path}"),
            kind,
            content: &content,
        };
        exchange(stream, &request)
    }
}

/// Writes text so that it may stand in a query.
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_its_quotes_and_brackets() {
        assert_eq!(encoded("CMD [\"/a b\"]"), "CMD%20%5B%22%2Fa%20b%22%5D");
    }
}
