//! Looking at how the instances of a version are.

use futures_util::future::join_all;
use gantry_model::{
    id::Version,
    platform::{Instance, InstanceState},
    release::check::Health,
    unit::Span,
};
use gantry_port::{
    fault::{Fault, FaultKind},
    probe::{Probe, ProbeAnswer, ProbeTarget},
};

use crate::deployment::{Deployment, count, is_live};

/// How long one look at one instance may take.
const PATIENCE: Span = Span::from_secs(5);

/// What was seen of the instances of a version.
#[derive(Debug, Default)]
pub(crate) struct Look {
    /// How many there should be.
    pub(crate) wanted: u32,
    /// How many run.
    pub(crate) live: u32,
    /// How many run and are well.
    pub(crate) well: u32,
    /// How many have ended by themselves.
    pub(crate) failed: u32,
    /// Whether anybody could tell that they are well: a probe, or a platform with a word on it.
    pub(crate) telling: bool,
    /// What was wrong with the first one that was not well.
    pub(crate) complaint: Option<String>,
}

impl Look {
    /// Whether all that there should be run, and all that run are well.
    pub(crate) fn is_good(&self) -> bool {
        self.live >= self.wanted && self.well == self.live
    }

    pub(crate) fn sentence(&self, deployment: &Deployment<'_>, version: &Version) -> String {
        let service = &deployment.scene.node.service;
        let Self { wanted, well, .. } = self;
        let complaint = self
            .complaint
            .as_ref()
            .map_or(String::new(), |c| format!(": {c}"));
        format!("{well} of {wanted} instances of {service} {version} are healthy{complaint}")
    }
}

/// Looks once at all instances of a version.
pub(crate) async fn look(
    deployment: &Deployment<'_>,
    version: &Version,
    wanted: u32,
) -> Result<Look, Fault> {
    let instances = deployment.instances().await?;
    let (live, rest): (Vec<&Instance>, Vec<&Instance>) = instances
        .iter()
        .filter(|instance| instance.version == *version)
        .partition(|instance| is_live(instance));
    let answers = join_all(live.iter().map(|instance| ask(deployment, instance))).await;
    let first_bad = live
        .iter()
        .zip(&answers)
        .find(|(_, answer)| !answer.healthy);
    Ok(Look {
        wanted,
        live: count(live.iter()),
        well: count(answers.iter().filter(|answer| answer.healthy)),
        failed: count(rest.iter().filter(|i| i.state == InstanceState::Failed)),
        telling: deployment.platform.capabilities().health || is_probed(deployment),
        complaint: first_bad
            .map(|(instance, answer)| format!("{} {}", short(&instance.id), answer.detail)),
    })
}

/// Cuts the long ids of containers as their own tools do.
fn short(id: &str) -> &str {
    let hash = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hash { id.get(..12).unwrap_or(id) } else { id }
}

/// Looks until all are well, so many times in a row as the node asks for, or the time is over.
pub(crate) async fn until_well(
    deployment: &Deployment<'_>,
    version: &Version,
    wanted: u32,
    consecutive: u32,
) -> Result<Look, Fault> {
    let scene = deployment.scene;
    let health = scene.node.health.clone().unwrap_or_default();
    let begun = scene.clock.elapsed();
    let mut in_a_row = 0;
    loop {
        let seen = match look(deployment, version, wanted).await {
            Err(fault) if is_final(&fault) => return Err(fault),
            seen => seen,
        };
        let good = seen.as_ref().is_ok_and(Look::is_good);
        in_a_row = if good { in_a_row + 1 } else { 0 };
        if in_a_row >= consecutive {
            return seen;
        }
        let taken = scene
            .clock
            .elapsed()
            .as_millis()
            .saturating_sub(begun.as_millis());
        let over = taken >= health.within.as_millis() || scene.time_left() <= health.every;
        if over {
            let within = Span::from_millis(taken);
            return Err(too_late(deployment, version, seen, within));
        }
        scene.clock.wait(health.every).await;
    }
}

fn too_late(
    deployment: &Deployment<'_>,
    version: &Version,
    seen: Result<Look, Fault>,
    within: Span,
) -> Fault {
    match seen {
        Ok(look) => {
            let sentence = look.sentence(deployment, version);
            Fault::refused(format!("{sentence} (after {within})"))
        }
        Err(fault) => fault,
    }
}

/// Whether looking again cannot help.
fn is_final(fault: &Fault) -> bool {
    match fault.kind {
        FaultKind::Refused | FaultKind::Unsupported | FaultKind::Conflict => true,
        FaultKind::Unsent | FaultKind::Busy { .. } | FaultKind::Lost => false,
    }
}

fn is_probed(deployment: &Deployment<'_>) -> bool {
    let health = deployment.scene.node.health.as_ref();
    health.is_some_and(|h| h.http.is_some() || h.tcp.is_some() || h.exec.is_some())
}

async fn ask(deployment: &Deployment<'_>, instance: &Instance) -> ProbeAnswer {
    let health = deployment.scene.node.health.as_ref();
    let address = instance.address.as_deref();
    let folder = &deployment.scene.operation.plan.folder;
    match health.and_then(|health| target(health, address, folder)) {
        Some(target) => {
            let probe = &*deployment.scene.ports.probe;
            ask_probe(probe, &target).await
        }
        None => platforms_word(instance),
    }
}

/// Asks a probe; one that cannot be asked is an answer too, and not a good one.
pub(crate) async fn ask_probe(probe: &dyn Probe, target: &ProbeTarget) -> ProbeAnswer {
    let answer = probe.probe(target, PATIENCE).await;
    answer.unwrap_or_else(|fault| ProbeAnswer {
        healthy: false,
        detail: fault.message,
    })
}

fn platforms_word(instance: &Instance) -> ProbeAnswer {
    let (healthy, detail) = match instance.state {
        InstanceState::Running => (true, "runs"),
        InstanceState::Starting => (false, "is still starting"),
        InstanceState::Unhealthy => (false, "is unhealthy, says the platform"),
        InstanceState::Stopped => (false, "is stopped"),
        InstanceState::Failed => (false, "has ended by itself"),
    };
    ProbeAnswer {
        healthy,
        detail: detail.into(),
    }
}

/// Says what is asked of one instance; none where the platform's own word is taken.
fn target(health: &Health, address: Option<&str>, folder: &str) -> Option<ProbeTarget> {
    if let Some(http) = &health.http {
        let url = match (&http.url, address) {
            (Some(url), _) => url.clone(),
            (None, Some(address)) => url_of(address, http.port, http.path.as_deref()),
            (None, None) => return None,
        };
        let status = http.status;
        return Some(ProbeTarget::Http { url, status });
    }
    if let Some(tcp) = &health.tcp {
        let own = || address.map(|address| with_port(address, tcp.port));
        let address = tcp.address.clone().or_else(own)?;
        return Some(ProbeTarget::Tcp { address });
    }
    let argv = health.exec.clone()?;
    let folder = folder.to_owned();
    Some(ProbeTarget::Exec { argv, folder })
}

/// Gives the address of a path at an instance.
pub(crate) fn url_of(address: &str, port: Option<u16>, path: Option<&str>) -> String {
    let path = path.unwrap_or("/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("http://{}{slash}{path}", with_port(address, port))
}

/// Puts another port into a `host:port`.
pub(crate) fn with_port(address: &str, port: Option<u16>) -> String {
    match (port, address.rsplit_once(':')) {
        (Some(port), Some((host, _))) => format!("{host}:{port}"),
        (Some(port), None) => format!("{address}:{port}"),
        (None, _) => address.to_owned(),
    }
}
