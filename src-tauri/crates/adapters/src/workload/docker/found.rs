//! Containers as they are found: which of them are instances of a service, and how they are.

use std::collections::{BTreeSet, HashMap};

use bollard::{
    errors::Error,
    models::{
        ContainerInspectResponse, ContainerState, ContainerStateStatusEnum as Status,
        ContainerSummary, HealthStatusEnum as Health,
    },
    query_parameters::{InspectContainerOptions, ListContainersOptions},
};
use chrono::{DateTime, TimeDelta};
use futures_util::{StreamExt, TryStreamExt, stream};
use gantry_model::{
    id::Version,
    platform::{Instance, InstanceState, Revision},
    time::Timestamp,
};
use gantry_port::fault::{Fault, FaultKind};

use super::{
    identity as label,
    session::{Session, is_missing},
};

/// A container that the daemon had to start again and that has not lasted this long since is not well.
const SETTLED_AFTER: TimeDelta = TimeDelta::seconds(60);

/// How many containers are looked at at the same time.
const AT_ONCE: usize = 8;

type Labels = HashMap<String, String>;

/// An instance, and what of its container matters for changing it.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub(super) instance: Instance,
    pub(super) image: String,
    pub(super) created: String,
    pub(super) name: String,
    status: Option<Status>,
    labels: Labels,
}

impl Container {
    /// Whether it runs, well or not.
    pub(super) fn runs(&self) -> bool {
        match self.instance.state {
            InstanceState::Starting | InstanceState::Running | InstanceState::Unhealthy => true,
            InstanceState::Stopped | InstanceState::Failed => false,
        }
    }

    /// Whether the daemon keeps it running. One that crashes over and over does not run, but it
    /// will go on doing so until it is stopped.
    pub(super) fn is_kept_up(&self) -> bool {
        self.runs() || self.status == Some(Status::RESTARTING)
    }

    /// Whether it is being removed at this moment.
    pub(super) fn is_leaving(&self) -> bool {
        self.status == Some(Status::REMOVING)
    }

    pub(super) fn label(&self, name: &str) -> Option<&str> {
        self.labels.get(name).map(String::as_str)
    }

    /// Whether Gantry made it for this very revision.
    pub(super) fn was_made_for(&self, revision: &Revision) -> bool {
        self.label(label::SERVICE) == Some(revision.service.as_str())
            && self.label(label::ENVIRONMENT) == Some(revision.environment.as_str())
            && self.label(label::VERSION) == Some(revision.version.as_str())
    }
}

/// Finds all containers of a service in an environment, whatever their version, sorted by id.
pub(super) async fn of_service(
    session: &Session,
    revision: &Revision,
    now: Timestamp,
) -> Result<Vec<Container>, Fault> {
    let service = &revision.service;
    let made = labelled(session, &format!("{}={service}", label::SERVICE)).await?;
    let composed = labelled(session, &format!("{}={service}", label::COMPOSE_SERVICE)).await?;
    let mut found: Vec<ContainerSummary> = made
        .into_iter()
        .filter(|one| is_label(one, label::ENVIRONMENT, revision.environment.as_str()))
        .collect();
    found.extend(of_compose(composed, revision)?);
    let ids: BTreeSet<String> = found.into_iter().filter_map(|one| one.id).collect();
    let containers: Vec<Option<Container>> = stream::iter(ids)
        .map(|id| async move { inspect(session, &id, now).await })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let here = containers.into_iter().flatten();
    Ok(here.filter(|container| !container.is_leaving()).collect())
}

async fn labelled(session: &Session, filter: &str) -> Result<Vec<ContainerSummary>, Fault> {
    let options = ListContainersOptions {
        all: true,
        filters: Some(HashMap::from([(
            "label".to_owned(),
            vec![filter.to_owned()],
        )])),
        ..Default::default()
    };
    let answer = session.daemon().list_containers(Some(options)).await;
    answer.map_err(|error| session.fault(&format!("listing containers with {filter}"), &error))
}

fn is_label(container: &ContainerSummary, name: &str, value: &str) -> bool {
    label_of(container, name) == Some(value)
}

fn label_of<'a>(container: &'a ContainerSummary, name: &str) -> Option<&'a str> {
    container.labels.as_ref()?.get(name).map(String::as_str)
}

/// Picks the containers that Compose made for the service. Compose knows no environments: those
/// that carry ours count where it fits, those of one project without it count everywhere, and those
/// of several projects cannot be told apart, so that nobody's neighbour is stopped by mistake.
fn of_compose(
    containers: Vec<ContainerSummary>,
    revision: &Revision,
) -> Result<Vec<ContainerSummary>, Fault> {
    let environment = revision.environment.as_str();
    let mine: Vec<ContainerSummary> = containers
        .into_iter()
        .filter(|one| label_of(one, label::SERVICE).is_none())
        .filter(|one| !is_label(one, label::COMPOSE_ONE_OFF, "True"))
        .filter(|one| label_of(one, label::ENVIRONMENT).is_none_or(|word| word == environment))
        .collect();
    let unmarked = mine
        .iter()
        .filter(|one| label_of(one, label::ENVIRONMENT).is_none());
    let projects: BTreeSet<&str> = unmarked
        .filter_map(|one| label_of(one, label::COMPOSE_PROJECT))
        .collect();
    if projects.len() > 1 {
        let projects = projects.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Fault::new(
            FaultKind::Refused,
            format!(
                "service {} is in several Compose projects ({projects}): label the containers \
                 that are meant with {}={environment}",
                revision.service,
                label::ENVIRONMENT
            ),
        ));
    }
    Ok(mine)
}

/// Looks at one container by id or name; `None` if it is gone.
pub(super) async fn inspect(
    session: &Session,
    id: &str,
    now: Timestamp,
) -> Result<Option<Container>, Fault> {
    let what = format!("inspecting container {id}");
    let options = None::<InspectContainerOptions>;
    match session.daemon().inspect_container(id, options).await {
        Ok(answer) => container(answer, now)
            .map(Some)
            .ok_or_else(|| session.unreadable(&what, "id, state or image")),
        Err(error) if is_missing(&error) => Ok(None),
        Err(Error::JsonDataError { .. }) => Err(session.unreadable(&what, "known shape")),
        Err(error) => Err(session.fault(&what, &error)),
    }
}

fn container(answer: ContainerInspectResponse, now: Timestamp) -> Option<Container> {
    let id = answer.id.clone()?;
    let state = answer.state.as_ref()?;
    let status = state.status;
    let image = answer.image.clone()?;
    let labels = answer
        .config
        .as_ref()
        .and_then(|config| config.labels.clone())
        .unwrap_or_default();
    let state = instance_state(state, &answer, &labels, now);
    let instance = Instance {
        id,
        version: version(&labels, &answer)?,
        digest: Some(labels.get(label::DIGEST).unwrap_or(&image).clone()),
        state,
        address: address(&answer, &labels),
        made_by: labels.get(label::KEY).cloned(),
    };
    Some(Container {
        instance,
        image,
        created: answer.created.unwrap_or_default(),
        name: answer
            .name
            .unwrap_or_default()
            .trim_start_matches('/')
            .to_owned(),
        status,
        labels,
    })
}

/// Ours say their version; for others the image's own label says it, or its tag.
fn version(labels: &Labels, answer: &ContainerInspectResponse) -> Option<Version> {
    let labelled = [label::VERSION, label::OCI_VERSION]
        .iter()
        .find_map(|name| labels.get(*name)?.parse().ok());
    let image = answer.config.as_ref()?.image.as_deref().unwrap_or_default();
    labelled
        .or_else(|| tag(image)?.parse().ok())
        .or_else(|| "latest".parse().ok())
}

/// Gives the tag of an image reference; a port of its registry is none.
fn tag(image: &str) -> Option<&str> {
    let name = image.split('@').next()?;
    let (_, tag) = name.rsplit_once(':')?;
    (!tag.contains('/') && !name.starts_with("sha256:")).then_some(tag)
}

fn instance_state(
    state: &ContainerState,
    answer: &ContainerInspectResponse,
    labels: &Labels,
    now: Timestamp,
) -> InstanceState {
    let ours = labels.contains_key(label::SERVICE);
    match state.status {
        Some(Status::RUNNING | Status::PAUSED) => running(state, answer, now),
        // The daemon starts it over and over: it ended by itself.
        Some(Status::RESTARTING | Status::DEAD) => InstanceState::Failed,
        Some(Status::CREATED) if state.error.as_ref().is_some_and(|error| !error.is_empty()) => {
            InstanceState::Failed
        }
        Some(Status::CREATED | Status::REMOVING | Status::STOPPING) => InstanceState::Stopped,
        // Ours are started again when they end by themselves, so an ended one was stopped.
        Some(Status::EXITED) if ours && state.oom_killed != Some(true) => InstanceState::Stopped,
        Some(Status::EXITED) => match state.exit_code {
            // 130, 137 and 143 are what SIGINT, SIGKILL and SIGTERM leave.
            Some(0 | 130 | 137 | 143) => InstanceState::Stopped,
            _ => InstanceState::Failed,
        },
        Some(Status::EMPTY) | None => InstanceState::Failed,
    }
}

fn running(
    state: &ContainerState,
    answer: &ContainerInspectResponse,
    now: Timestamp,
) -> InstanceState {
    let health = state.health.as_ref().and_then(|health| health.status);
    let frozen = matches!(state.status, Some(Status::PAUSED));
    match health {
        Some(Health::UNHEALTHY) => InstanceState::Unhealthy,
        _ if frozen || crashed_lately(state, answer, now) => InstanceState::Unhealthy,
        Some(Health::STARTING) => InstanceState::Starting,
        Some(Health::HEALTHY | Health::NONE | Health::EMPTY) | None => InstanceState::Running,
    }
}

/// Between two crashes a container looks well; its count of restarts does not forget.
fn crashed_lately(
    state: &ContainerState,
    answer: &ContainerInspectResponse,
    now: Timestamp,
) -> bool {
    let started = state.started_at.as_deref().unwrap_or_default();
    let recent = DateTime::parse_from_rfc3339(started)
        .is_ok_and(|started| now.signed_duration_since(started) < SETTLED_AFTER);
    answer.restart_count.unwrap_or(0) > 0 && recent
}

/// Gives where a running container is reached from this machine.
fn address(answer: &ContainerInspectResponse, labels: &Labels) -> Option<String> {
    let port = port(answer, labels)?;
    let networks = answer.network_settings.as_ref()?.networks.as_ref()?;
    if networks.contains_key("host") {
        return Some(format!("127.0.0.1:{port}"));
    }
    let ip = |name: &String| {
        let ip = networks.get(name)?.ip_address.clone()?;
        (!ip.is_empty()).then_some(ip)
    };
    let mut names: Vec<&String> = networks.keys().collect();
    names.sort_by_key(|name| (Some(*name) != labels.get(label::NETWORK), *name));
    let ip = names.into_iter().find_map(ip)?;
    Some(format!("{ip}:{port}"))
}

fn port(answer: &ContainerInspectResponse, labels: &Labels) -> Option<u16> {
    let labelled = labels.get(label::PORT).and_then(|port| port.parse().ok());
    let exposed = || {
        let ports = answer.config.as_ref()?.exposed_ports.as_ref()?;
        let tcp = ports.iter().filter_map(|port| port.strip_suffix("/tcp"));
        tcp.filter_map(|port| port.parse().ok()).min()
    };
    labelled.or_else(exposed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_told_from_a_port_and_a_digest() {
        assert_eq!(tag("shop/orders:2.4.0"), Some("2.4.0"));
        assert_eq!(tag("registry:5000/orders"), None);
        assert_eq!(tag("registry:5000/orders:1@sha256:ab"), Some("1"));
        assert_eq!(tag("sha256:abcdef"), None);
    }

    fn composed(project: &str, environment: Option<&str>) -> ContainerSummary {
        let mut labels = HashMap::from([(label::COMPOSE_PROJECT.to_owned(), project.to_owned())]);
        if let Some(environment) = environment {
            labels.insert(label::ENVIRONMENT.to_owned(), environment.to_owned());
        }
        ContainerSummary {
            labels: Some(labels),
            ..Default::default()
        }
    }

    #[test]
    fn the_same_service_of_two_projects_is_not_guessed_at() {
        let revision = Revision {
            service: "web".parse().unwrap(),
            environment: "production".parse().unwrap(),
            version: "1".parse().unwrap(),
        };
        let two = vec![composed("a", None), composed("b", None)];
        let fault = of_compose(two, &revision).unwrap_err();
        assert!(fault.message.contains("(a, b)"), "{fault}");
        let told_apart = vec![
            composed("a", Some("production")),
            composed("b", Some("staging")),
        ];
        assert_eq!(of_compose(told_apart, &revision).unwrap().len(), 1);
    }
}
