//! The admin socket: commands out, text back, and what the text means.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    time::Duration,
};

use gantry_port::fault::{Fault, FaultKind};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

/// HAProxy answers in microseconds; one that takes longer than this does not answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// No table of a backend is larger; what comes beyond it is not from HAProxy.
const LARGEST_ANSWER: u64 = 16 << 20;

/// Commands that go together on one connection; the line must fit into HAProxy's buffer.
const TOGETHER: usize = 64;

/// What stands in the answers to commands that did what they were told.
const GOOD_WORDS: [&str; 3] = [
    "New server registered.",
    "Server deleted.",
    "by 'stats socket command'",
];

/// The commands of one call. It knows whether anything was changed already, because from then on
/// nothing is proven untouched.
pub(super) struct Conversation {
    path: PathBuf,
    changing: bool,
}

impl Conversation {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_path_buf(),
            changing: false,
        }
    }

    /// Asks for something that changes nothing.
    pub(super) async fn ask(&self, command: &str) -> Result<String, Fault> {
        self.exchange(command).await
    }

    /// Commands changes. Every text but the known good ones is an error: HAProxy has no codes.
    pub(super) async fn tell(&mut self, commands: &[String]) -> Result<(), Fault> {
        for batch in commands.chunks(TOGETHER) {
            let line = batch.join(";");
            if let Some(complaint) = self.attempt(&line).await? {
                return Err(self.refused(&line, &complaint));
            }
        }
        Ok(())
    }

    /// Commands one change and gives HAProxy's complaint, if it has one.
    pub(super) async fn attempt(&mut self, command: &str) -> Result<Option<String>, Fault> {
        let answer = self.exchange(command).await;
        // A command that could not be delivered has changed nothing yet.
        if !matches!(&answer, Err(fault) if fault.kind == FaultKind::Unsent) {
            self.changing = true;
        }
        Ok(complaint(&answer?))
    }

    pub(super) fn refused(&self, command: &str, words: &str) -> Fault {
        let path = self.path.display();
        Fault::refused(format!(
            "HAProxy at {path} refused `{command}`: {}",
            words.trim()
        ))
    }

    pub(super) fn unreadable(&self, command: &str) -> Fault {
        let path = self.path.display();
        Fault::lost(format!(
            "the answer of HAProxy at {path} to `{command}` cannot be read"
        ))
    }

    async fn exchange(&self, command: &str) -> Result<String, Fault> {
        let mut stream = UnixStream::connect(&self.path)
            .await
            .map_err(|error| self.unreachable(&error))?;
        let answer = tokio::time::timeout(PATIENCE, converse(&mut stream, command)).await;
        match answer {
            Ok(Ok(bytes)) if !bytes.is_empty() => {
                String::from_utf8(bytes).map_err(|_| self.unreadable(command))
            }
            Ok(Ok(_)) => Err(self.lost(command, "the connection was closed without an answer")),
            Ok(Err(error)) => Err(self.lost(command, &error.to_string())),
            Err(_) => Err(self.lost(command, &format!("no answer within {PATIENCE:?}"))),
        }
    }

    fn unreachable(&self, error: &std::io::Error) -> Fault {
        let path = self.path.display();
        let advice = match error.kind() {
            ErrorKind::NotFound => "is `stats socket` set and does HAProxy run?",
            ErrorKind::PermissionDenied => "this user may not use the socket",
            ErrorKind::ConnectionRefused => "the socket is there but HAProxy does not run",
            _ => "is it a socket of HAProxy?",
        };
        let sentence = format!("cannot reach HAProxy at {path}: {error}; {advice}");
        if self.changing {
            Fault::lost(sentence)
        } else {
            Fault::unsent(sentence)
        }
    }

    fn lost(&self, command: &str, what: &str) -> Fault {
        let path = self.path.display();
        Fault::lost(format!("HAProxy at {path} and `{command}`: {what}"))
    }
}

async fn converse(stream: &mut UnixStream, command: &str) -> std::io::Result<Vec<u8>> {
    stream.write_all(command.as_bytes()).await?;
    stream.write_all(b"\n").await?;
    let mut answer = Vec::new();
    stream.take(LARGEST_ANSWER).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Gives the lines that are neither empty nor known to be good.
fn complaint(answer: &str) -> Option<String> {
    let is_bad = |line: &&str| {
        let good = GOOD_WORDS.iter().any(|word| line.contains(word));
        !line.trim().is_empty() && !good
    };
    let lines: Vec<&str> = answer.lines().filter(is_bad).collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_words_are_good() {
        for good in [
            "\n",
            "New server registered.\n\n",
            "Server deleted.\n",
            "no need to change the addr, port changed from '1' to '2' by 'stats socket command'\n\n",
        ] {
            assert_eq!(complaint(good), None);
        }
        assert_eq!(
            complaint("\n\nNo such server.\n\n").unwrap(),
            "No such server."
        );
        assert!(complaint("Permission denied\n").is_some());
    }
}
