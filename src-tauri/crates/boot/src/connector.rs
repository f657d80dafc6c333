//! From a plan's connections to adapters; the one list of products is here.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use gantry_adapters::{
    probe::Prober,
    router::haproxy::Haproxy,
    secret::{ChainedSecrets, EnvironmentSecrets, KeychainSecrets},
    task::{TaskSettings, Tasks, exec::ShimCommand},
    workload::docker::Docker,
};
use gantry_model::{
    id::{ConnectionName, SecretName},
    plan::Plan,
    release::connection::{self, Connection},
};
use gantry_port::{
    alerts::Alerts,
    channel::Channel,
    clock::Clock,
    connector::{Adapter, Connector},
    fault::{Fault, FaultKind},
    inquiry::Inquiry,
    metrics::Metrics,
    ports::Ports,
    router::Router,
    secret::Secrets,
    workload::Workload,
};

use self::{channels::Channels, sources::Sources};
use crate::{keychain, settings::Settings};

mod channels;
mod sources;

/// How long the keychain may take to answer; one that waits for a password never does.
const KEYCHAIN_PATIENCE: Duration = Duration::from_secs(5);

/// Makes adapters for the products that Gantry drives.
pub struct RealConnector {
    settings: Settings,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn Secrets>,
    sources: Sources,
    channels: Channels,
}

impl RealConnector {
    /// Builds the connector; nothing is reached yet.
    pub fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Self {
        let environment = settings.environment.clone();
        let variables =
            EnvironmentSecrets::new(Box::new(move |name| environment.get(name).cloned()));
        let stored = KeychainSecrets::new(Box::new(keychain::lookup), KEYCHAIN_PATIENCE);
        let secrets = ChainedSecrets::new(vec![Arc::new(variables), Arc::new(stored)]);
        let secrets: Arc<dyn Secrets> = Arc::new(secrets);
        Self {
            settings: settings.clone(),
            sources: Sources::new(Arc::clone(&secrets), Arc::clone(&clock)),
            channels: Channels::new(Arc::clone(&secrets), Arc::clone(&clock)),
            clock,
            secrets,
        }
    }

    fn docker(&self, settings: &connection::Docker) -> Result<Docker, Fault> {
        let host = self.settings.environment.get("DOCKER_HOST").cloned();
        Docker::connect(
            settings,
            host,
            Arc::clone(&self.secrets),
            Arc::clone(&self.clock),
        )
    }

    /// A socket without a leading slash lies in the release file's folder.
    fn haproxy(&self, settings: &connection::Haproxy, folder: &Path) -> Haproxy {
        let named = settings
            .socket
            .strip_prefix("unix://")
            .unwrap_or(&settings.socket);
        // Without the `.` of `./haproxy.sock`, which nobody wants to read in the middle of a path.
        let socket: PathBuf = folder.join(named).components().collect();
        let socket = socket.display().to_string();
        Haproxy::new(&connection::Haproxy { socket }, Arc::clone(&self.clock))
    }

    fn metric_sources(
        &self,
        plan: &Plan,
    ) -> Result<BTreeMap<ConnectionName, Arc<dyn Metrics>>, Fault> {
        let mut sources = BTreeMap::new();
        for (name, connection) in &plan.connections {
            if let Some(source) = self.sources.metrics(connection)? {
                sources.insert(name.clone(), source);
            }
        }
        Ok(sources)
    }

    fn inquiries(&self, plan: &Plan) -> Result<BTreeMap<ConnectionName, Arc<dyn Inquiry>>, Fault> {
        let folder = Path::new(&plan.folder);
        let mut inquiries = BTreeMap::new();
        for (name, connection) in &plan.connections {
            if let Some(inquiry) = self.sources.inquiry(connection, folder)? {
                inquiries.insert(name.clone(), inquiry);
            }
        }
        Ok(inquiries)
    }

    fn tasks(&self) -> Tasks {
        Tasks::new(TaskSettings {
            folder: self.settings.task_folder(),
            shim: ShimCommand::of(&self.settings.executable),
            environment: self.settings.environment.clone(),
            secrets: Arc::clone(&self.secrets),
            clock: Arc::clone(&self.clock),
        })
    }
}

#[async_trait]
impl Connector for RealConnector {
    async fn connect(&self, plan: &Plan) -> Result<Ports, Fault> {
        let folder = Path::new(&plan.folder);
        let mut workloads: BTreeMap<ConnectionName, Arc<dyn Workload>> = BTreeMap::new();
        let mut routers: BTreeMap<ConnectionName, Arc<dyn Router>> = BTreeMap::new();
        let mut alerts: BTreeMap<ConnectionName, Arc<dyn Alerts>> = BTreeMap::new();
        for (name, connection) in &plan.connections {
            match connection {
                Connection::Docker(settings) => {
                    workloads.insert(name.clone(), Arc::new(self.docker(settings)?));
                }
                Connection::Haproxy(settings) => {
                    routers.insert(name.clone(), Arc::new(self.haproxy(settings, folder)));
                }
                Connection::Alertmanager(settings) => {
                    alerts.insert(name.clone(), Arc::new(self.sources.alertmanager(settings)));
                }
                // What is only asked is made apart. Nodes that use one of the others find no
                // port behind it, and their preflight says so.
                Connection::Prometheus(_)
                | Connection::VictoriaMetrics(_)
                | Connection::JsonHttp(_)
                | Connection::Datadog(_)
                | Connection::CloudWatch(_)
                | Connection::Unleash(_)
                | Connection::Postgres(_)
                | Connection::Sqlite(_)
                | Connection::Github(_)
                | Connection::Gitlab(_)
                | Connection::Slack(_)
                | Connection::Teams(_)
                | Connection::Discord(_)
                | Connection::PagerDuty(_)
                | Connection::StatusPage(_)
                | Connection::Matrix(_)
                | Connection::Desktop(_)
                | Connection::Smtp(_)
                | Connection::Webhook(_)
                | Connection::Simulated(_) => {}
            }
        }
        Ok(Ports {
            workloads,
            routers,
            flags: BTreeMap::new(),
            databases: BTreeMap::new(),
            metrics: self.metric_sources(plan)?,
            alerts,
            inquiries: self.inquiries(plan)?,
            task: Arc::new(self.tasks()),
            probe: Arc::new(Prober::new(self.settings.environment.clone())?),
        })
    }

    fn channel(&self, connection: &Connection) -> Result<Option<Arc<dyn Channel>>, Fault> {
        self.channels.of(connection)
    }

    fn metrics(&self, connection: &Connection) -> Result<Option<Arc<dyn Metrics>>, Fault> {
        self.sources.metrics(connection)
    }

    async fn test(
        &self,
        _name: &ConnectionName,
        connection: &Connection,
        folder: &Path,
    ) -> Result<String, Fault> {
        match connection {
            Connection::Docker(settings) => self.docker(settings)?.greet().await,
            Connection::Haproxy(settings) => self.haproxy(settings, folder).greet().await,
            Connection::Simulated(_) => Ok("simulated: nothing to reach".into()),
            Connection::Unleash(_) => Err(undriven(connection)),
            Connection::Prometheus(_)
            | Connection::VictoriaMetrics(_)
            | Connection::JsonHttp(_)
            | Connection::Datadog(_)
            | Connection::CloudWatch(_)
            | Connection::Alertmanager(_)
            | Connection::Postgres(_)
            | Connection::Sqlite(_)
            | Connection::Github(_)
            | Connection::Gitlab(_) => self.sources.greet(connection, folder).await,
            Connection::Slack(_)
            | Connection::Teams(_)
            | Connection::Discord(_)
            | Connection::PagerDuty(_)
            | Connection::StatusPage(_)
            | Connection::Matrix(_)
            | Connection::Smtp(_)
            | Connection::Webhook(_)
            | Connection::Desktop(_) => self.channels.greet(connection).await,
        }
    }

    async fn knows_secret(&self, name: &SecretName) -> bool {
        self.secrets.get(name).await.is_ok()
    }

    fn adapters(&self) -> Vec<Adapter> {
        let mut adapters = vec![
            Adapter {
                port: "workload",
                product: "docker",
                can: vec!["recreate", "rolling", "blue-green", "canary"],
                note: "Engine API 1.41 or later; instances are found by their labels",
            },
            Adapter {
                port: "router",
                product: "haproxy",
                can: vec!["weights", "drain", "measured shares"],
                note: "admin socket of 2.6 or later; `balance random(1)` keeps the split true right after a change",
            },
            Adapter {
                port: "task",
                product: "exec",
                can: vec!["run", "undo", "resume after a crash"],
                note: "argument lists only, never a shell",
            },
            Adapter {
                port: "task",
                product: "http",
                can: vec!["call", "undo"],
                note: "the key travels in the Idempotency-Key header",
            },
            Adapter {
                port: "probe",
                product: "http, tcp, exec",
                can: vec!["health"],
                note: "",
            },
        ];
        adapters.extend(sources::adapters());
        adapters.extend(channels::adapters());
        adapters
    }
}

fn undriven(connection: &Connection) -> Fault {
    let product = connection.product();
    let sentence = format!("this version of Gantry does not drive {product} yet");
    Fault::new(FaultKind::Unsupported, sentence)
}
