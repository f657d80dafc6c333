//! An incident that has nothing to do with the release: every version of a service fails alike.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::docker::{Body, Engine, encoded};
use crate::http::{JSON, Request, exchange};

/// How often it is looked whether the incident may begin.
const LOOK: Duration = Duration::from_millis(200);

/// Fails a share of the requests of every running instance of a service, whatever its version.
#[derive(Debug)]
pub struct Incident<'a> {
    /// The daemon that the instances run on.
    pub engine: &'a Engine,
    /// The service.
    pub service: &'a str,
    /// Of a hundred requests so many fail.
    pub percent: u8,
}

impl Incident<'_> {
    /// Waits until at least so many instances run and gives whether that came true in time.
    ///
    /// # Errors
    ///
    /// When the daemon does not answer.
    pub fn wait_for_instances(&self, count: usize, patience: Duration) -> Result<bool> {
        let began = Instant::now();
        while self.addresses()?.len() < count {
            if began.elapsed() > patience {
                return Ok(false);
            }
            std::thread::sleep(LOOK);
        }
        Ok(true)
    }

    /// Begins: every instance that runs now fails its share.
    ///
    /// # Errors
    ///
    /// When an instance does not take the fault.
    pub fn begin(&self) -> Result<()> {
        self.set(f64::from(self.percent) / 100.0)
    }

    /// Is over: every instance that runs now answers well again.
    ///
    /// # Errors
    ///
    /// When an instance does not take the fault away.
    pub fn end(&self) -> Result<()> {
        self.set(0.0)
    }

    fn set(&self, share: f64) -> Result<()> {
        for address in self.addresses()? {
            let stream = TcpStream::connect((address.as_str(), 8080))
                .with_context(|| format!("{} at {address}", self.service))?;
            let path = format!("/fault?err={share}");
            let request = Request {
                method: "POST",
                path: &path,
                kind: JSON,
                content: b"",
            };
            exchange(stream, &request).with_context(|| format!("{} at {address}", self.service))?;
        }
        Ok(())
    }

    /// Where the running instances are.
    fn addresses(&self) -> Result<Vec<String>> {
        let filter = encoded(&format!(
            "{{\"label\":[\"gantry.service={}\"]}}",
            self.service
        ));
        let path = format!("/containers/json?filters={filter}");
        let rows = self.engine.json("GET", &path, Body::Empty)?;
        let address = |row: &serde_json::Value| {
            let networks = row["NetworkSettings"]["Networks"].as_object()?;
            let mut found = networks
                .values()
                .filter_map(|one| one["IPAddress"].as_str());
            found.find(|text| !text.is_empty()).map(str::to_owned)
        };
        Ok(rows
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(address)
            .collect())
    }
}
