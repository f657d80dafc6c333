//! One request and its whole answer, in HTTP/1.0 so that the answer simply ends with the connection.

use std::io::{Read, Write};
use std::net::TcpListener;

use anyhow::{Context, Result};

/// The kind of content that most requests have.
pub(crate) const JSON: &str = "application/json";

/// Gives a port of loopback that is free now.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr().context("no free port")?.port())
}

/// What is asked.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) content: &'a [u8],
}

/// What is answered, whatever the status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content: Vec<u8>,
}

/// Sends a request over a fresh connection and reads until its end.
pub(crate) fn exchange(mut stream: impl Read + Write, request: &Request<'_>) -> Result<Answer> {
    let Request {
        method,
        path,
        kind,
        content,
    } = request;
    let length = content.len();
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: localhost\r\n\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(content)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    parse(&bytes)
}

fn parse(bytes: &[u8]) -> Result<Answer> {
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .context("the answer has no end of head")?;
    let (head, rest) = bytes.split_at(end);
    let status = String::from_utf8_lossy(head)
        .split_whitespace()
        .nth(1)
        .and_then(|status| status.parse().ok())
        .context("the answer has no status")?;
    Ok(Answer {
        status,
        content: rest.get(4..).unwrap_or_default().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = parse(b"HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n{}").unwrap();
        assert_eq!(answer.status, 404);
        assert_eq!(answer.content, b"{}");
        assert!(parse(b"nonsense").is_err());
        assert!(parse(b"\r\n\r\n").is_err());
    }
}
