//! A Prometheus of one's own that scrapes every container of a Docker daemon, for tests and the demo.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::docker::Engine;
use crate::http::{JSON, Request, exchange, free_port};

const PATIENCE: Duration = Duration::from_secs(20);

/// A running Prometheus, ended when it is dropped.
#[derive(Debug)]
pub struct Prometheus {
    child: Child,
    port: u16,
}

impl Prometheus {
    /// Starts one on a free port of loopback and waits until it answers.
    ///
    /// It asks the daemon for containers every second and scrapes port 8080 of each every second,
    /// so that a bake of seconds has something to be judged by.
    ///
    /// # Errors
    ///
    /// When Prometheus is not installed, refuses the settings or does not answer in time.
    pub fn start(folder: &Path, engine: &Engine) -> Result<Self> {
        let port = free_port()?;
        let settings = folder.join("prometheus.yml");
        std::fs::write(&settings, configuration(engine))
            .with_context(|| settings.display().to_string())?;
        let log = std::fs::File::create(folder.join("prometheus.log")).context("no log")?;
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", settings.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.join("prometheus").display()
            ))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--log.level=warn")
            .stdin(Stdio::null())
            .stdout(log.try_clone().context("no log")?)
            .stderr(log)
            .spawn()
            .context("cannot run prometheus")?;
        let mut prometheus = Self { child, port };
        prometheus.wait_until_ready(&folder.join("prometheus.log"))?;
        Ok(prometheus)
    }

    /// Where it is asked.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn is_ready(&self) -> bool {
        let ask = || -> Result<u16> {
            let stream = TcpStream::connect(("127.0.0.1", self.port))?;
            let request = Request {
                method: "GET",
                path: "/-/ready",
                kind: JSON,
                content: b"",
            };
            Ok(exchange(stream, &request)?.status)
        };
        ask().is_ok_and(|status| status == 200)
    }

    fn wait_until_ready(&mut self, log: &Path) -> Result<()> {
        let started = Instant::now();
        while !self.is_ready() {
            let ended = self.child.try_wait().context("lost prometheus")?;
            if ended.is_some() || started.elapsed() > PATIENCE {
                let words = std::fs::read_to_string(log).unwrap_or_default();
                bail!("prometheus does not start:\n{}", words.trim());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _already_reaped = self.child.wait();
    }
}

fn configuration(engine: &Engine) -> String {
    format!(
        "global:
  scrape_interval: 1s
  scrape_timeout: 1s
scrape_configs:
  - job_name: containers
    docker_sd_configs:
      - host: unix://{}
        port: 8080
        refresh_interval: 1s
",
        engine.socket().display()
    )
}
