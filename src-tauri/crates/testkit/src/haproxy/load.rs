//! Requests at a router, and who answered them.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Who answered how often.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answers with status 200 by their body, which is the origin's name.
    pub answers: BTreeMap<String, u64>,
    /// Everything else: another status, a reset, silence.
    pub failures: Vec<String>,
}

impl Tally {
    /// Gives the number of answers.
    pub fn total(&self) -> u64 {
        self.answers.values().sum()
    }

    /// Gives how many answers came from an origin.
    pub fn of(&self, origin: &str) -> u64 {
        self.answers.get(origin).copied().unwrap_or(0)
    }

    fn count(&mut self, answer: io::Result<(u16, String)>) {
        match answer {
            Ok((200, name)) => *self.answers.entry(name).or_default() += 1,
            Ok((status, _)) => self.failures.push(format!("status {status}")),
            Err(error) => self.failures.push(error.to_string()),
        }
    }
}

/// Sends so many requests one after the other over one connection, like a browser.
pub fn ask(address: SocketAddr, requests: u32) -> Tally {
    let mut tally = Tally::default();
    let mut connection = None;
    for _ in 0..requests {
        tally.count(request(address, &mut connection));
    }
    tally
}

/// Requests without pause until it is told to stop.
pub struct Load {
    over: Arc<AtomicBool>,
    worker: JoinHandle<Tally>,
}

impl Load {
    /// Starts it.
    pub fn start(address: SocketAddr) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&over);
        let worker = thread::spawn(move || {
            let mut tally = Tally::default();
            let mut connection = None;
            while !seen.load(Ordering::Relaxed) {
                tally.count(request(address, &mut connection));
            }
            tally
        });
        Self { over, worker }
    }

    /// Stops it and gives what it counted.
    pub fn stop(self) -> Tally {
        self.over.store(true, Ordering::Relaxed);
        self.worker.join().unwrap_or_default()
    }
}

fn request(
    address: SocketAddr,
    connection: &mut Option<BufReader<TcpStream>>,
) -> io::Result<(u16, String)> {
    let mut reader = match connection.take() {
        Some(reader) => reader,
        None => BufReader::new(connect(address)?),
    };
    reader
        .get_mut()
        .write_all(b"GET / HTTP/1.1\r\nHost: web\r\n\r\n")?;
    let mut status = String::new();
    reader.read_line(&mut status)?;
    let (mut length, mut stays) = (0, true);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        stays &= line != "connection: close";
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    if stays {
        *connection = Some(reader);
    }
    let status = status.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.ok_or_else(|| io::Error::other("no status: the connection was closed"))?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}
