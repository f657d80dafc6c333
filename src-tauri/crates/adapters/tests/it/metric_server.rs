//! A server of a few lines that answers metric questions as a test wants, and a clock for it.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use gantry_model::{secret::Secret, time::Timestamp, unit::Span};
use gantry_port::{
    clock::Clock,
    metrics::{Grid, Question},
    secret::{MissingSecret, Secrets},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What is sent back: bytes, and then the connection is closed, unless they are silence.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Bytes(Vec<u8>),
    /// Says nothing and keeps the connection.
    Silence,
}

impl Reply {
    pub(crate) fn json(body: &str) -> Self {
        Self::of("200 OK", "application/json", body)
    }

    pub(crate) fn of(status: &str, kind: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        Self::Bytes([head.as_bytes(), body.as_bytes()].concat())
    }
}

/// A listener that lives as long as the test and remembers what it was asked.
pub(crate) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    worker: JoinHandle<()>,
}

impl Server {
    /// Answers each request by its number, from zero, and its text.
    pub(crate) async fn start(
        reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        let worker = tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let text = request(&mut stream).await;
                let number = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(text.clone());
                    seen.len() - 1
                };
                match reply(number, &text) {
                    Reply::Bytes(bytes) => {
                        let _peer_may_be_gone = stream.write_all(&bytes).await;
                        let _peer_may_be_gone = stream.shutdown().await;
                    }
                    Reply::Silence => kept.push(stream),
                }
            }
        });
        Self {
            address,
            asked,
            worker,
        }
    }

    pub(crate) async fn always(reply: Reply) -> Self {
        Self::start(move |_, _| reply.clone()).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Gives the requests as they came.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.worker.abort();
    }
}

async fn request(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= length(head)
        {
            return text;
        }
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => seen.extend(piece.iter().take(read)),
            _ => return text,
        }
    }
}

fn length(head: &str) -> usize {
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse().unwrap())
    });
    length.unwrap_or(0)
}

/// The instant at which all recorded exchanges happened: a whole minute.
pub(crate) const NOW: i64 = 1_795_437_480;

/// A clock that stands still; pauses between attempts are over at once, and the time for an
/// answer never is.
pub(crate) struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(NOW, 0).unwrap()
    }

    fn elapsed(&self) -> Span {
        Span::ZERO
    }

    async fn wait(&self, span: Span) {
        if span >= LONG {
            std::future::pending::<()>().await;
        }
    }
}

/// What is longer is no pause between attempts.
const LONG: Span = Span::from_secs(10);

pub(crate) const TIME: Span = Span::from_secs(60);

/// Every secret is its own name in capitals.
pub(crate) struct Shouting;

#[async_trait]
impl Secrets for Shouting {
    async fn get(
        &self,
        name: &gantry_model::id::SecretName,
    ) -> Result<Secret<String>, MissingSecret> {
        Ok(Secret::new(name.as_str().to_ascii_uppercase()))
    }
}

pub(crate) fn still() -> Arc<dyn Clock> {
    Arc::new(Still)
}

pub(crate) fn shouting() -> Arc<dyn Secrets> {
    Arc::new(Shouting)
}

/// Buckets of a minute that end `ago` seconds before now.
pub(crate) fn minutes(count: u32, ago: i64) -> Grid {
    let begin = NOW - ago - 60 * i64::from(count);
    Grid {
        from: Timestamp::from_timestamp(begin, 0).unwrap(),
        bucket: Span::from_secs(60),
        count,
    }
}

pub(crate) fn question(template: &str) -> Question {
    let values = [("service", "orders"), ("version", "2.4.0")];
    Question {
        template: template.to_owned(),
        values: values
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    }
}
