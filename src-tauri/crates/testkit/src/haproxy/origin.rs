//! A little HTTP server that answers with its name.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// A server behind HAProxy. `/healthz` says how it is, everything else answers 200 with its name.
pub struct Origin {
    address: SocketAddr,
    behaviour: Arc<Behaviour>,
}

struct Behaviour {
    name: String,
    healthy: AtomicBool,
    delay: AtomicU64,
    over: AtomicBool,
}

impl Origin {
    /// Starts one on a free port, healthy and quick.
    ///
    /// # Errors
    /// When no port is free.
    pub fn start(name: &str) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let behaviour = Arc::new(Behaviour {
            name: name.to_owned(),
            healthy: AtomicBool::new(true),
            delay: AtomicU64::new(0),
            over: AtomicBool::new(false),
        });
        let seen = Arc::clone(&behaviour);
        thread::spawn(move || take_connections(&listener, &seen));
        Ok(Self { address, behaviour })
    }

    /// Where it listens, `host:port`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Makes `/healthz` answer 503 from now on.
    pub fn fall_ill(&self) {
        self.behaviour.healthy.store(false, Ordering::Relaxed);
    }

    /// Makes every answer but `/healthz` take this long from now on.
    pub fn slow_down(&self, delay: Duration) {
        let millis = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.behaviour.delay.store(millis, Ordering::Relaxed);
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.behaviour.over.store(true, Ordering::Relaxed);
        let _wakes_the_listener = TcpStream::connect(self.address);
    }
}

fn take_connections(listener: &TcpListener, behaviour: &Arc<Behaviour>) {
    for stream in listener.incoming().flatten() {
        if behaviour.over.load(Ordering::Relaxed) {
            return;
        }
        let behaviour = Arc::clone(behaviour);
        thread::spawn(move || {
            let _peer_went_away = serve(&stream, &behaviour);
        });
    }
}

fn serve(mut stream: &TcpStream, behaviour: &Behaviour) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        let health = request.contains(" /healthz");
        if !health {
            thread::sleep(Duration::from_millis(
                behaviour.delay.load(Ordering::Relaxed),
            ));
        }
        let ill = health && !behaviour.healthy.load(Ordering::Relaxed);
        let status = if ill {
            "503 Service Unavailable"
        } else {
            "200 OK"
        };
        let name = &behaviour.name;
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{name}",
            name.len()
        );
        stream.write_all(answer.as_bytes())?;
    }
}
