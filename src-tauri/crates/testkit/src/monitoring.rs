//! Real Prometheus, VictoriaMetrics and Alertmanager on loopback.
//!
//! Everything is private to the test: folder and ports; everything ends when it is dropped.

use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use self::request::get;

mod request;

pub use request::post;

const PATIENCE: Duration = Duration::from_secs(30);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A running server with a folder of its own.
pub struct Monitor {
    child: Child,
    folder: PathBuf,
    address: SocketAddr,
}

/// What a server is to know when it starts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Addresses that are scraped, five times a second.
    pub targets: &'a [SocketAddr],
    /// Samples of the past, in the text format of OpenMetrics without its end.
    pub past: Option<&'a str>,
}

impl Monitor {
    /// Starts a Prometheus.
    ///
    /// # Errors
    /// `NotFound` when it is not installed; else what kept it from starting.
    pub fn prometheus(known: Known<'_>) -> io::Result<Self> {
        let (folder, address) = (folder()?, free_address()?);
        let settings = folder.join("prometheus.yml");
        fs::write(&settings, scraping(known.targets))?;
        let data = folder.join("data");
        if let Some(past) = known.past {
            remember(&folder, &data, past)?;
        }
        let arguments = [
            format!("--config.file={}", settings.display()),
            format!("--storage.tsdb.path={}", data.display()),
            format!("--web.listen-address={address}"),
        ];
        Self::start("prometheus", &arguments, folder, address, "/-/ready")
    }

    /// Starts a VictoriaMetrics, with these arguments besides.
    ///
    /// # Errors
    /// As [`Self::prometheus`].
    pub fn victoria(known: Known<'_>, more: &[&str]) -> io::Result<Self> {
        let (folder, address) = (folder()?, free_address()?);
        let settings = folder.join("scrape.yml");
        fs::write(&settings, scraping(known.targets))?;
        let mut arguments = vec![
            format!("-storageDataPath={}", folder.join("data").display()),
            format!("-promscrape.config={}", settings.display()),
            format!("-httpListenAddr={address}"),
        ];
        arguments.extend(more.iter().map(|&argument| argument.to_owned()));
        let running = Self::start("victoria-metrics", &arguments, folder, address, "/health")?;
        if let Some(past) = known.past {
            let text = in_milliseconds(past);
            post(address, "/api/v1/import/prometheus", "text/plain", &text)?;
            get(address, "/internal/force_flush")?;
        }
        Ok(running)
    }

    /// Starts an Alertmanager that tells nobody.
    ///
    /// # Errors
    /// As [`Self::prometheus`].
    pub fn alertmanager() -> io::Result<Self> {
        let (folder, address) = (folder()?, free_address()?);
        let settings = folder.join("alertmanager.yml");
        fs::write(
            &settings,
            "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n",
        )?;
        let arguments = [
            format!("--config.file={}", settings.display()),
            format!("--storage.path={}", folder.join("data").display()),
            format!("--web.listen-address={address}"),
            // Without an address of its own it stays alone, and on loopback.
            "--cluster.listen-address=".to_owned(),
        ];
        let program = "prometheus-alertmanager";
        Self::start(program, &arguments, folder, address, "/-/ready")
    }

    /// Where it takes requests.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn start(
        program: &str,
        arguments: &[String],
        folder: PathBuf,
        address: SocketAddr,
        ready: &str,
    ) -> io::Result<Self> {
        let log = fs::File::create(folder.join("log"))?;
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut running = Self {
            child,
            folder,
            address,
        };
        running.wait_until_ready(program, ready)?;
        Ok(running)
    }

    fn wait_until_ready(&mut self, program: &str, ready: &str) -> io::Result<()> {
        let began = Instant::now();
        while TcpStream::connect(self.address).is_err() || get(self.address, ready).is_err() {
            let ended = self.child.try_wait()?.is_some();
            if ended || began.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("log"))?;
                let words = format!("{program} does not start: {log}");
                return Err(io::Error::other(words));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let _dead_already = self.child.kill();
        let _reaped = self.child.wait();
        let _gone_already = fs::remove_dir_all(&self.folder);
    }
}

/// Writes samples of the past where a Prometheus that starts finds them.
fn remember(folder: &Path, data: &Path, past: &str) -> io::Result<()> {
    let text = folder.join("past.txt");
    fs::write(&text, format!("{past}# EOF\n"))?;
    let output = Command::new("promtool")
        .args(["tsdb", "create-blocks-from", "openmetrics"])
        .args([&text, data])
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(words))
}

/// The import of VictoriaMetrics wants times in milliseconds, OpenMetrics has them in seconds.
fn in_milliseconds(past: &str) -> String {
    let line = |line: &str| match line.rsplit_once(' ') {
        Some((sample, seconds)) if !line.starts_with('#') => format!("{sample} {seconds}000\n"),
        _ => format!("{line}\n"),
    };
    past.lines().map(line).collect()
}

fn scraping(targets: &[SocketAddr]) -> String {
    let targets: Vec<_> = targets.iter().map(|one| format!("'{one}'")).collect();
    format!(
        "global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}\nscrape_configs: [{{job_name: fixture, static_configs: [{{targets: [{}]}}]}}]\n",
        targets.join(", ")
    )
}

fn folder() -> io::Result<PathBuf> {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("gantry-monitor-{}-{number}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
