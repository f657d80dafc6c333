//! Calls over HTTP, against a server of a few lines.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

use gantry_model::{release::task::HttpCall, unit::Span};
use gantry_port::{
    fault::{Fault, FaultKind},
    task::Task,
};

use crate::task_harness::{Place, call};

/// Answers one request with fixed bytes and gives back what was asked.
fn server(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let asked = request(&stream);
        (&stream).write_all(answer.as_bytes()).unwrap();
        asked
    });
    (address, asked)
}

fn request(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut text = String::new();
    while !text.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut text).unwrap() > 0, "{text}");
    }
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    text + &String::from_utf8(body).unwrap()
}

fn asked(url: &str) -> HttpCall {
    HttpCall {
        method: "POST".into(),
        url: url.parse().unwrap(),
        headers: [(
            "Authorization".to_owned(),
            "Bearer ${secret:api-token}".parse().unwrap(),
        )]
        .into(),
        body: Some("{\"a\":1}".parse().unwrap()),
        status: None,
    }
}

async fn make(request: &HttpCall) -> Result<u16, Fault> {
    Place::new().tasks().call(&call(1), request).await
}

#[tokio::test]
async fn a_call_carries_key_secrets_and_body() {
    let (url, server) = server("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(make(&asked(&format!("{url}/hook"))).await, Ok(202));
    let text = server.join().unwrap();
    assert!(text.starts_with("POST /hook HTTP/1.1\r\n"), "{text}");
    assert!(
        text.contains("idempotency-key: shop-2.4/web/run/do/1\r\n"),
        "{text}"
    );
    assert!(
        text.contains("authorization: Bearer s3cr/t value\r\n"),
        "{text}"
    );
    assert!(text.ends_with("\r\n\r\n{\"a\":1}"), "{text}");
}

#[tokio::test]
async fn every_answer_has_its_meaning() {
    let busy = |after| FaultKind::Busy { after };
    for (answer, kind) in [
        ("429 Slow\r\nretry-after: 7", busy(Some(Span::from_secs(7)))),
        (
            "503 No\r\nretry-after: Thu, 01 Jan 1970 00:00:09 GMT",
            busy(Some(Span::from_secs(9))),
        ),
        ("503 No", busy(None)),
        ("400 Bad", FaultKind::Refused),
        ("404 Not", FaultKind::Refused),
        ("500 Oops", FaultKind::Refused),
        ("502 Gateway", FaultKind::Lost),
        ("504 Gateway", FaultKind::Lost),
        (
            "302 Found\r\nlocation: http://169.254.169.254/",
            FaultKind::Refused,
        ),
    ] {
        let whole = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
        let (url, server) = server(whole.leak());
        let fault = make(&asked(&url)).await.unwrap_err();
        assert_eq!(fault.kind, kind, "{answer}: {fault}");
        assert!(!fault.message.contains("s3cr"), "{fault}");
        server.join().unwrap();
    }
}

#[tokio::test]
async fn a_status_that_was_asked_for_is_the_only_success() {
    let (url, server_of_404) = server("HTTP/1.1 404 Gone\r\ncontent-length: 0\r\n\r\n");
    let mut request = asked(&url);
    request.status = Some(404);
    assert_eq!(make(&request).await, Ok(404));
    server_of_404.join().unwrap();
    let (url, server) = server("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    request.url = url.parse().unwrap();
    let fault = make(&request).await.unwrap_err();
    assert!(fault.message.contains("200 OK instead of 404"), "{fault}");
    server.join().unwrap();
}

#[tokio::test]
async fn an_endless_answer_is_not_read() {
    let (url, server) =
        server("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffff\r\nabc");
    assert_eq!(make(&asked(&url)).await, Ok(200));
    server.join().unwrap();
}

#[tokio::test]
async fn an_answer_that_never_comes_or_breaks_off_is_lost() {
    for answer in ["", "HTTP/1.1 2", "nonsense\r\n\r\n"] {
        let (url, server) = server(answer);
        let fault = make(&asked(&url)).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Lost, "{answer}: {fault}");
        server.join().unwrap();
    }
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let mut call = call(1);
    call.deadline = chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::milliseconds(300);
    let fault = Place::new().tasks().call(&call, &asked(&url)).await;
    assert_eq!(fault.unwrap_err().kind, FaultKind::Lost);
    call.deadline = chrono::DateTime::UNIX_EPOCH;
    let fault = Place::new().tasks().call(&call, &asked(&url)).await;
    assert_eq!(fault.unwrap_err().kind, FaultKind::Unsent);
}

#[tokio::test]
async fn what_cannot_be_sent_is_unsent() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    for url in [
        format!("http://{address}/"),
        format!("https://{address}/"),
        "http://gantry.invalid/".to_owned(),
        "http://169.254.169.254/latest".to_owned(),
        "file:///etc/passwd".to_owned(),
        "not an address".to_owned(),
    ] {
        let fault = make(&asked(&url)).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unsent, "{url}: {fault}");
    }
    let mut request = asked(&format!("http://{address}/"));
    request.url = format!("http://{address}/${{secret:not-set}}")
        .parse()
        .unwrap();
    let fault = make(&request).await.unwrap_err();
    assert!(fault.message.contains("GANTRY_SECRET_NOT_SET"), "{fault}");
}
