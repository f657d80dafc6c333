//! A HAProxy of one's own, for tests and the demo.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::http::free_port;

const PATIENCE: Duration = Duration::from_secs(10);

/// A backend without servers, and the port on loopback behind which it is.
#[derive(Debug, Clone)]
pub struct Backend {
    /// Its name, which a release file's `router: {backend: …}` names.
    pub name: String,
    /// Where requests for it are taken.
    pub port: u16,
}

impl Backend {
    /// A backend behind a port that is free now.
    ///
    /// # Errors
    ///
    /// When no port is free.
    pub fn new(name: &str) -> Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            port: free_port()?,
        })
    }

    /// Where requests for this backend are sent.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

/// A running HAProxy, ended when it is dropped.
#[derive(Debug)]
pub struct Haproxy {
    child: Child,
    socket: PathBuf,
}

impl Haproxy {
    /// Starts one with these backends and waits until its socket answers.
    ///
    /// Its servers are all added at run time, as Gantry's adapter does it. It balances by
    /// `random(1)`, the only algorithm that keeps to the weights right after they change: plain
    /// `random` draws two servers and takes the less busy, which favours whoever has less to do.
    ///
    /// # Errors
    ///
    /// When HAProxy is not installed, refuses the settings or does not answer in time.
    pub fn start(folder: &Path, socket: &Path, backends: &[Backend]) -> Result<Self> {
        let settings = folder.join("haproxy.cfg");
        std::fs::write(&settings, configuration(socket, backends))
            .with_context(|| settings.display().to_string())?;
        if let Some(parent) = socket.parent() {
            std::fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        let log = std::fs::File::create(folder.join("haproxy.log")).context("no log")?;
        let child = Command::new("haproxy")
            .arg("-db")
            .arg("-f")
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(log.try_clone().context("no log")?)
            .stderr(log)
            .spawn()
            .context("cannot run haproxy")?;
        let mut haproxy = Self {
            child,
            socket: socket.to_path_buf(),
        };
        haproxy.wait_until_ready(&folder.join("haproxy.log"))?;
        Ok(haproxy)
    }

    /// The socket that takes commands.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Sends one command to the socket and gives the answer, empty where all is well.
    ///
    /// # Errors
    ///
    /// When the socket does not answer; an error of HAProxy's own is text in the answer.
    pub fn command(&self, command: &str) -> Result<String> {
        let ask = || -> std::io::Result<String> {
            let mut stream = UnixStream::connect(&self.socket)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(command.as_bytes())?;
            stream.write_all(b"\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer.trim().to_owned())
        };
        ask().with_context(|| format!("`{command}` at {}", self.socket.display()))
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<()> {
        let started = Instant::now();
        while self.command("show info").is_err() {
            let ended = self.child.try_wait().context("lost haproxy")?;
            if ended.is_some() || started.elapsed() > PATIENCE {
                let words = std::fs::read_to_string(log).unwrap_or_default();
                bail!("haproxy does not start:\n{}", words.trim());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Haproxy {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _already_reaped = self.child.wait();
    }
}

fn configuration(socket: &Path, backends: &[Backend]) -> String {
    let mut text = format!(
        "global
    stats socket {} mode 600 level admin
defaults
    mode http
    retries 3
    option redispatch
    http-reuse never
    timeout connect 2s
    timeout client 30s
    timeout server 30s
",
        socket.display()
    );
    for Backend { name, port } in backends {
        // Writing to a String cannot fail.
        let _infallible = write!(
            text,
            "frontend {name}
    bind 127.0.0.1:{port}
    default_backend {name}
backend {name}
    balance random(1)
    option httpchk GET /healthz
"
        );
    }
    text
}
