//! Something behind a Unix socket that answers badly.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
    task::JoinHandle,
};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// What it does with one request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Closes without a word.
    Close,
    /// Keeps the connection and says nothing.
    Silence,
    /// Answers, and is gone afterwards.
    BytesAndGone(Vec<u8>),
}

impl Answer {
    pub(crate) fn text(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }

    /// An HTTP answer with a JSON body.
    pub(crate) fn http(status: u16, body: &str) -> Self {
        Self::text(&format!(
            "HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }
}

/// A listener that lives as long as the test.
pub(crate) struct FakeDaemon {
    path: PathBuf,
    worker: JoinHandle<()>,
}

impl FakeDaemon {
    /// Starts one that looks at the first line of each request and answers by it.
    pub(crate) fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let path = fresh_path();
        let listener = UnixListener::bind(&path).unwrap();
        let removed = path.clone();
        let worker = tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let line = first_line(&mut stream).await;
                match answer(&line) {
                    Answer::Bytes(bytes) => send(&mut stream, &bytes).await,
                    Answer::Close => {}
                    Answer::Silence => kept.push(stream),
                    Answer::BytesAndGone(bytes) => {
                        std::fs::remove_file(&removed).unwrap();
                        send(&mut stream, &bytes).await;
                    }
                }
            }
        });
        Self { path, worker }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for FakeDaemon {
    fn drop(&mut self) {
        self.worker.abort();
        let _gone_already = std::fs::remove_file(&self.path);
    }
}

/// A path in the temporary folder that nobody else uses.
pub(crate) fn fresh_path() -> PathBuf {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("gantry-fake-{}-{number}", std::process::id());
    std::env::temp_dir().join(name)
}

async fn send(stream: &mut UnixStream, bytes: &[u8]) {
    let _peer_may_be_gone = stream.write_all(bytes).await;
    let _peer_may_be_gone = stream.shutdown().await;
}

async fn first_line(stream: &mut UnixStream) -> String {
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    while !seen.contains(&b'\n') {
        match stream.read(&mut piece).await {
            Ok(read) if read > 0 => seen.extend(piece.iter().take(read)),
            _ => break,
        }
    }
    let text = String::from_utf8_lossy(&seen).into_owned();
    text.lines().next().unwrap_or_default().to_owned()
}
