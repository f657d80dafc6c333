//! Requests in a few lines, for tests that put something into a server.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(10);

/// Sends a body, and gives the answer's if it is a success.
///
/// # Errors
/// When there is no answer, or one that is a no.
pub fn post(address: SocketAddr, path: &str, kind: &str, body: &str) -> io::Result<String> {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.0\r\nContent-Type: {kind}\r\nContent-Length: {length}");
    exchange(address, &head, body)
}

/// Asks for a page.
///
/// # Errors
/// As [`post`].
pub(super) fn get(address: SocketAddr, path: &str) -> io::Result<String> {
    exchange(address, &format!("GET {path} HTTP/1.0"), "")
}

fn exchange(address: SocketAddr, head: &str, body: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "{head}\r\nHost: {address}\r\n\r\n{body}")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    if status.starts_with('2') {
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body);
        return Ok(body.unwrap_or_default().to_owned());
    }
    Err(io::Error::other(answer))
}
