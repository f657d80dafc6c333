//! An incident that has nothing to do with the release: every version of a service fails alike.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::docker::{Body, Engine, encoded};
use crate::http::{JSON, Request, exchange};

/// How often it is looked whether the incident may begin.
const LOOK: Duration = Duration::from_millis(200);

/// So many instances of orders run while the old version and the canary do.
const BOTH_VERSIONS: usize = 4;

/// How long the canary is waited for.
const PATIENCE: Duration = Duration::from_secs(180);

/// How long the canary serves before the incident begins: it has some buckets by then.
const UNTIL_INCIDENT: Duration = Duration::from_secs(55);

/// How long the incident lasts.
const LASTS: Duration = Duration::from_secs(12);

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

impl<'a> Incident<'a> {
    /// The incident of the demo: one request of orders in ten fails, whoever answers it.
    #[must_use]
    pub fn of_orders(engine: &'a Engine) -> Self {
        Self {
            engine,
            service: "orders",
            percent: 10,
        }
    }

    /// Does something and has the incident happen meanwhile, once both versions serve.
    ///
    /// # Errors
    ///
    /// When the daemon does not answer, or an instance does not take the fault.
    pub fn beside<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        std::thread::scope(|scope| {
            let happening = scope.spawn(|| self.happen());
            let done = work();
            happening
                .join()
                .unwrap_or_else(|_| bail!("the incident ended in a panic"))?;
            Ok(done)
        })
    }

    fn happen(&self) -> Result<()> {
        if !self.wait_for_instances(BOTH_VERSIONS, PATIENCE)? {
            return Ok(());
        }
        std::thread::sleep(UNTIL_INCIDENT);
        self.begin()?;
        std::thread::sleep(LASTS);
        self.end()
    }

    /// Waits until at least so many instances run and gives whether that came true in time.
    fn wait_for_instances(&self, count: usize, patience: Duration) -> Result<bool> {
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
    fn begin(&self) -> Result<()> {
        self.set(f64::from(self.percent) / 100.0)
    }

    /// Is over: every instance that runs now answers well again.
    fn end(&self) -> Result<()> {
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
