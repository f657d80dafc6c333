//! Docker Engine, through its HTTP interface.
//!
//! Each instance is a container of its own, known by its labels and not by its name. Containers
//! that Docker Compose made for a service of the same name are instances too, so that the first
//! release of a service finds what it replaces. New containers come back with the machine
//! (`unless-stopped`), are made from the pinned image's id, and get their secrets in their
//! environment when they are made, never afterwards.
//!
//! The daemon's address is a Unix socket, or `tcp://` without encryption. Traces of the `bollard`
//! crate contain whole requests, secrets too: whoever sets up logging keeps it above `trace`.

mod found;
mod identity;
mod image;
mod scaling;
mod session;
mod stopping;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use bollard::{API_DEFAULT_VERSION, ClientVersion};
use gantry_model::{
    platform::{Instance, Revision, Template},
    release::connection,
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    ports::Call,
    secret::Secrets,
    workload::{Workload, WorkloadCapabilities},
};
use tokio::sync::OnceCell;

use found::Container;
use session::Session;

/// Where the daemon is when nobody says anything.
const USUAL_HOST: &str = "unix:///var/run/docker.sock";

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long finding or pulling an image may take as a whole.
const PULL_PATIENCE: Duration = Duration::from_secs(30 * 60);

/// A Docker daemon.
pub struct Docker {
    host: String,
    version: OnceCell<ClientVersion>,
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
}

impl Docker {
    /// Takes note of where the daemon is; nothing is connected before it is needed, so that a
    /// daemon that starts later is found. `from_environment` is `DOCKER_HOST`.
    ///
    /// # Errors
    /// `Unsupported` for an address that is neither a Unix socket nor plain TCP.
    pub fn connect(
        settings: &connection::Docker,
        from_environment: Option<String>,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let host = settings
            .host
            .clone()
            .or(from_environment.filter(|host| !host.is_empty()));
        let host = host.unwrap_or_else(|| USUAL_HOST.to_owned());
        if !["unix://", "tcp://", "http://"]
            .iter()
            .any(|scheme| host.starts_with(scheme))
        {
            let sentence =
                format!("Docker host `{host}` is neither `unix://PATH` nor `tcp://HOST:PORT`");
            return Err(Fault::new(FaultKind::Unsupported, sentence));
        }
        Ok(Self {
            host,
            version: OnceCell::new(),
            secrets,
            clock,
        })
    }

    /// Asks the daemon who it is; changes nothing.
    ///
    /// # Errors
    /// `Unsent` where nobody listens, `Lost` where nobody answers.
    pub async fn greet(&self) -> Result<String, Fault> {
        let session = self.session(PATIENCE).await?;
        let version = session.daemon().version().await;
        let version = version.map_err(|error| session.fault("asking for the version", &error))?;
        let part = |text: Option<String>| text.unwrap_or_else(|| "?".into());
        let (engine, api) = (part(version.version), part(version.api_version));
        Ok(format!(
            "Docker Engine {engine}, API {api}, at {}",
            self.host
        ))
    }

    /// Starts a conversation. The newest daemons refuse old clients and old ones refuse new
    /// clients, so that the version is agreed on first, once.
    async fn session(&self, patience: Duration) -> Result<Session, Fault> {
        let seconds = patience.as_secs().max(1);
        let what = "asking for the version";
        let version = self.version.get_or_try_init(|| async {
            let session = self.speaking(seconds, API_DEFAULT_VERSION)?;
            let agreed = session.daemon().clone().negotiate_version().await;
            let agreed = agreed.map_err(|error| session.fault(what, &error))?;
            Ok::<_, Fault>(agreed.client_version())
        });
        self.speaking(seconds, version.await?)
    }

    fn speaking(&self, seconds: u64, version: &ClientVersion) -> Result<Session, Fault> {
        let daemon = if self.host.starts_with("unix://") {
            bollard::Docker::connect_with_unix(&self.host, seconds, version)
        } else {
            bollard::Docker::connect_with_http(&self.host, seconds, version)
        };
        let daemon = daemon.map_err(|error| {
            let host = &self.host;
            Fault::unsent(format!(
                "cannot reach Docker at {host}: {error}; does the daemon run?"
            ))
        })?;
        Ok(Session::new(daemon, &self.host))
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn wait(&self, span: Span) {
        self.clock.wait(span).await;
    }

    /// Gives what is left of a call's time.
    fn left(&self, call: &Call) -> Result<Duration, Fault> {
        let left = call.deadline - self.now();
        left.to_std()
            .map_err(|_| Fault::unsent(format!("the time for {} was over already", call.step)))
    }

    /// Runs a call within its time.
    async fn within<T>(
        &self,
        call: &Call,
        work: impl AsyncFnOnce(&Session) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let left = self.left(call)?;
        let all = async { work(&self.session(left).await?).await };
        tokio::time::timeout(left, all).await.unwrap_or_else(|_| {
            let host = &self.host;
            let step = &call.step;
            Err(Fault::lost(format!(
                "Docker at {host} was still at work on {step} after {left:?}; observe it first"
            )))
        })
    }

    /// Finds the containers of one revision, and refuses to act where a newer driver has acted.
    async fn own(
        &self,
        session: &Session,
        call: &Call,
        revision: &Revision,
    ) -> Result<Vec<Container>, Fault> {
        let all = found::of_service(session, revision, self.now()).await?;
        if let Some(newer) = all.iter().find(|container| is_newer(container, call)) {
            let sentence = format!(
                "container {} was made by a newer driver of {} than this one (epoch {})",
                newer.name, call.run, call.epoch
            );
            return Err(Fault::new(FaultKind::Conflict, sentence));
        }
        let mine = all
            .into_iter()
            .filter(|one| one.instance.version == revision.version);
        Ok(mine.collect())
    }

    /// Puts the values of secrets in the place of their references, at the last moment.
    async fn environment(&self, template: &Template) -> Result<Vec<String>, Fault> {
        let mut values = BTreeMap::new();
        for name in template.env.values().flat_map(|text| text.names()) {
            let value = self.secrets.get(name).await;
            values.insert(
                name,
                value.map_err(|missing| Fault::refused(missing.to_string()))?,
            );
        }
        let missing = |name: &_| Fault::refused(format!("secret `{name}` is not set"));
        let mut environment = Vec::new();
        for (variable, text) in &template.env {
            let value =
                text.resolve(|name| values.get(name).cloned().ok_or_else(|| missing(name)))?;
            environment.push(format!("{variable}={}", value.expose()));
        }
        Ok(environment)
    }
}

fn is_newer(container: &Container, call: &Call) -> bool {
    let epoch = container
        .label(identity::EPOCH)
        .and_then(|epoch| epoch.parse().ok());
    container.label(identity::RELEASE) == Some(call.run.to_string().as_str())
        && epoch.is_some_and(|epoch: u64| epoch > call.epoch)
}

#[async_trait]
impl Workload for Docker {
    fn capabilities(&self) -> WorkloadCapabilities {
        WorkloadCapabilities {
            product: "docker",
            side_by_side: true,
            addresses: true,
            health: true,
            restart: true,
        }
    }

    async fn pin(&self, template: &Template) -> Result<String, Fault> {
        let session = self.session(PULL_PATIENCE).await?;
        Ok(image::resolve(&session, template).await?.digest)
    }

    async fn instances(&self, revision: &Revision) -> Result<Vec<Instance>, Fault> {
        let session = self.session(PATIENCE).await?;
        let found = found::of_service(&session, revision, self.now()).await?;
        Ok(found
            .into_iter()
            .map(|container| container.instance)
            .collect())
    }

    async fn scale(
        &self,
        call: &Call,
        revision: &Revision,
        template: Option<&Template>,
        replicas: u32,
    ) -> Result<Vec<Instance>, Fault> {
        let work = async |session: &Session| {
            let scaling = scaling::Scaling {
                docker: self,
                session,
                call,
                revision,
                template,
            };
            scaling.run(replicas).await
        };
        self.within(call, work).await
    }

    async fn remove(&self, call: &Call, revision: &Revision) -> Result<(), Fault> {
        let work = async |session: &Session| {
            let mine = self.own(session, call, revision).await?;
            stopping::remove(self, session, call, &mine).await
        };
        self.within(call, work).await
    }
}
