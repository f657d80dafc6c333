//! Stopping containers with grace, and removing them.

use std::time::Duration;

use bollard::query_parameters::{RemoveContainerOptions, StopContainerOptions};
use futures_util::{StreamExt, TryStreamExt, stream};
use gantry_model::unit::Span;
use gantry_port::{fault::Fault, ports::Call};

use super::{
    Docker,
    found::{self, Container},
    session::{Session, is_conflict, is_missing},
};

/// How long a process may take to end after it was asked to.
const GRACE: Duration = Duration::from_secs(10);

/// What is kept of the call's time for the daemon's own work.
const RESERVE: Duration = Duration::from_secs(2);

/// How many containers are stopped at the same time.
const AT_ONCE: usize = 8;

const LOOK_EVERY: Span = Span::from_millis(100);

/// Stops containers and keeps them. One that is gone or stopped already is fine.
pub(super) async fn stop<'a>(
    docker: &Docker,
    session: &Session,
    call: &Call,
    containers: impl Iterator<Item = &'a Container>,
) -> Result<(), Fault> {
    let grace = docker.left(call)?.saturating_sub(RESERVE).min(GRACE);
    let seconds = i32::try_from(grace.as_secs()).unwrap_or(0).max(1);
    let containers: Vec<Container> = containers.cloned().collect();
    stream::iter(containers)
        .map(|container| async move { stop_one(session, &container, seconds).await })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await
}

async fn stop_one(session: &Session, container: &Container, seconds: i32) -> Result<(), Fault> {
    let options = StopContainerOptions {
        t: Some(seconds),
        ..Default::default()
    };
    let request = session
        .daemon()
        .stop_container(&container.instance.id, Some(options));
    match session.attempt(request).await {
        Err(error) if !is_missing(&error) => {
            Err(session.fault(&format!("stopping container {}", container.name), &error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Stops and removes containers with their anonymous volumes, and waits until they are gone.
pub(super) async fn remove(
    docker: &Docker,
    session: &Session,
    call: &Call,
    containers: &[Container],
) -> Result<(), Fault> {
    let running = containers.iter().filter(|container| container.is_kept_up());
    stop(docker, session, call, running).await?;
    for container in containers {
        remove_one(docker, session, container).await?;
    }
    Ok(())
}

async fn remove_one(
    docker: &Docker,
    session: &Session,
    container: &Container,
) -> Result<(), Fault> {
    let options = RemoveContainerOptions {
        v: true,
        force: true,
        link: false,
    };
    let id = &container.instance.id;
    let request = session.daemon().remove_container(id, Some(options));
    match session.attempt(request).await {
        Ok(()) => Ok(()),
        Err(error) if is_missing(&error) => Ok(()),
        // Somebody, perhaps an earlier attempt of ours, is removing it at this moment.
        Err(error) if is_conflict(&error) => {
            while found::inspect(session, id, docker.now()).await?.is_some() {
                docker.wait(LOOK_EVERY).await;
            }
            Ok(())
        }
        Err(error) => Err(session.fault(&format!("removing container {}", container.name), &error)),
    }
}
