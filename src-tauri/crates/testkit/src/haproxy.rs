//! A real HAProxy on loopback, little origins behind it, and a load that counts who answered.
//!
//! Everything is private to the test: folder, socket and ports; everything ends when it is dropped.

mod load;
mod origin;

use std::{
    fs,
    io::{self, Read},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

pub use load::{Load, Tally, ask};
pub use origin::Origin;

const PATIENCE: Duration = Duration::from_secs(20);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A running HAProxy with one frontend and one backend.
pub struct Haproxy {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
}

impl Haproxy {
    /// Starts one whose backend is called `web` and consists of these lines.
    ///
    /// # Errors
    /// When it is not installed or does not take the configuration.
    pub fn start(backend: &[&str]) -> io::Result<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("gantry-haproxy-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let address = free_address()?;
        let configuration = folder.join("haproxy.cfg");
        fs::write(&configuration, text(&folder, address, backend))?;
        let child = Command::new("haproxy")
            .arg("-db")
            .arg("-f")
            .arg(&configuration)
            .env("PATH", search_path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut running = Self {
            child,
            folder,
            address,
        };
        running.wait_until_ready()?;
        Ok(running)
    }

    /// The admin socket.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("admin")
    }

    /// Where it takes requests.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn wait_until_ready(&mut self) -> io::Result<()> {
        let began = Instant::now();
        while TcpStream::connect(self.address).is_err() || !self.socket().exists() {
            let ended = self.child.try_wait()?.is_some();
            if ended || began.elapsed() > PATIENCE {
                return Err(io::Error::other(self.last_words(ended)));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn last_words(&mut self, ended: bool) -> String {
        let mut words = "haproxy does not start: ".to_owned();
        if let (true, Some(mut stderr)) = (ended, self.child.stderr.take()) {
            let _what_there_is = stderr.read_to_string(&mut words);
        }
        words
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        let _dead_already = self.child.kill();
        let _reaped = self.child.wait();
        let _gone_already = fs::remove_dir_all(&self.folder);
    }
}

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// The search path with the folder in which Debian keeps the programs of root.
fn search_path() -> std::ffi::OsString {
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin");
    path
}

fn text(folder: &Path, address: SocketAddr, backend: &[&str]) -> String {
    let socket = folder.join("admin");
    format!(
        "global
  stats socket {} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
frontend front
  bind {address}
  default_backend web
backend web
  {}
",
        socket.display(),
        backend.join("\n  ")
    )
}
