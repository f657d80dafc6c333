//! Making so many instances run, and no more.

use std::{cmp::Reverse, collections::HashSet};

use bollard::{
    models::{ContainerCreateBody, HostConfig, RestartPolicy, RestartPolicyNameEnum},
    query_parameters::{CreateContainerOptions, StartContainerOptions},
};
use gantry_model::{
    platform::{Instance, InstanceState, Revision, Template},
    unit::Span,
};
use gantry_port::{
    fault::{Fault, FaultKind},
    ports::Call,
};

use super::{
    Docker,
    found::{self, Container},
    identity as label,
    image::{self, Image},
    session::{Session, is_conflict},
    stopping,
};

/// Names that belong to strangers are passed over, but not for ever.
const MOST_NAMES: u32 = 10_000;

/// How often a name is looked at that is taken and that no container has yet.
const NAMELESS_LOOKS: u32 = 100;

const LOOK_EVERY: Span = Span::from_millis(50);

/// One call of `scale`.
pub(super) struct Scaling<'a> {
    pub(super) docker: &'a Docker,
    pub(super) session: &'a Session,
    pub(super) call: &'a Call,
    pub(super) revision: &'a Revision,
    pub(super) template: Option<&'a Template>,
}

impl Scaling<'_> {
    /// Starts what is there before it makes anything, and stops the last by id first: the
    /// router was told that the others stay.
    pub(super) async fn run(&self, replicas: u32) -> Result<Vec<Instance>, Fault> {
        let mut mine = self
            .docker
            .own(self.session, self.call, self.revision)
            .await?;
        let wanted = usize::try_from(replicas).unwrap_or(usize::MAX);
        if wanted > 0 {
            mine = self.of_the_pinned_image(mine).await?;
        }
        let (mut running, mut resting): (Vec<_>, Vec<_>) =
            mine.iter().partition(|container| container.is_kept_up());
        if running.len() > wanted {
            running.sort_by_key(|one| Reverse(&one.instance.id));
            let surplus = running.len() - wanted;
            stopping::stop(
                self.docker,
                self.session,
                self.call,
                running.into_iter().take(surplus),
            )
            .await?;
        } else {
            let missing = wanted - running.len();
            resting.sort_by_key(|one| (one.instance.state == InstanceState::Failed, &one.created));
            for container in resting.iter().take(missing) {
                self.start(&container.instance.id, &container.name).await?;
            }
            self.make(&mine, missing.saturating_sub(resting.len()))
                .await?;
        }
        let now = self
            .docker
            .own(self.session, self.call, self.revision)
            .await?;
        Ok(now
            .into_iter()
            .filter(Container::runs)
            .map(|one| one.instance)
            .collect())
    }

    /// Holds what is there against the pinned image. A stopped instance of another one is removed,
    /// because it must not come back under this version; a running one is somebody's doing.
    async fn of_the_pinned_image(&self, mine: Vec<Container>) -> Result<Vec<Container>, Fault> {
        let Some((template, digest)) = self.template.and_then(|t| Some((t, t.digest.as_ref()?)))
        else {
            return Ok(mine);
        };
        let known =
            |one: &Container| one.image == *digest || one.instance.digest.as_ref() == Some(digest);
        if mine.iter().all(known) {
            return Ok(mine);
        }
        let image = image::resolve(self.session, template).await?;
        let (same, others): (Vec<_>, Vec<_>) = mine
            .into_iter()
            .partition(|one| known(one) || one.image == image.id);
        if let Some(running) = others.iter().find(|one| one.is_kept_up()) {
            return Err(Fault::new(
                FaultKind::Conflict,
                format!(
                    "container {} runs {} {} from {}, and {digest} was pinned: \
                     somebody changed the image behind this version",
                    running.name, self.revision.service, self.revision.version, running.image
                ),
            ));
        }
        stopping::remove(self.docker, self.session, self.call, &others).await?;
        Ok(same)
    }

    async fn make(&self, mine: &[Container], missing: usize) -> Result<(), Fault> {
        if missing == 0 {
            return Ok(());
        }
        let Some(template) = self.template else {
            return Err(Fault::refused(format!(
                "{missing} more of {} {} are wanted, none is left to be started again, \
                 and nothing says how to make one",
                self.revision.service, self.revision.version
            )));
        };
        let image = image::resolve(self.session, template).await?;
        let body = self.body(template, &image).await?;
        let mut taken: HashSet<String> = mine.iter().map(|one| one.name.clone()).collect();
        for _ in 0..missing {
            let (id, name) = self.create(&body, &mut taken).await?;
            self.start(&id, &name).await?;
        }
        Ok(())
    }

    /// Creates a container under the first free name and gives its id and name.
    async fn create(
        &self,
        body: &ContainerCreateBody,
        taken: &mut HashSet<String>,
    ) -> Result<(String, String), Fault> {
        let names = (1..MOST_NAMES).map(|ordinal| label::name(self.revision, ordinal));
        for name in names {
            if taken.insert(name.clone())
                && let Some(id) = self.create_as(body, &name).await?
            {
                return Ok((id, name));
            }
        }
        let service = &self.revision.service;
        Err(Fault::refused(format!("every name for {service} is taken")))
    }

    /// Creates a container under this name, or adopts ours that has it: it was made by an attempt
    /// whose answer was lost. `None` if the name is a stranger's.
    async fn create_as(
        &self,
        body: &ContainerCreateBody,
        name: &str,
    ) -> Result<Option<String>, Fault> {
        let what = format!("creating container {name}");
        let mut last = None;
        for _ in 0..NAMELESS_LOOKS {
            let options = CreateContainerOptions {
                name: Some(name.to_owned()),
                ..Default::default()
            };
            let daemon = self.session.daemon();
            let request = daemon.create_container(Some(options), body.clone());
            match self.session.attempt(request).await {
                Ok(answer) => return Ok(Some(answer.id)),
                Err(error) if is_conflict(&error) => last = Some(error),
                Err(error) => return Err(self.session.fault(&what, &error)),
            }
            let holder = found::inspect(self.session, name, self.docker.now()).await?;
            if let Some(holder) = holder.filter(|holder| !holder.is_leaving()) {
                let ours = holder.was_made_for(self.revision);
                return Ok(ours.then_some(holder.instance.id));
            }
            // The daemon takes a name before it knows the container, and frees it after it forgot it.
            self.docker.wait(LOOK_EVERY).await;
        }
        match last {
            Some(error) => Err(self.session.fault(&what, &error)),
            None => Ok(None),
        }
    }

    async fn start(&self, id: &str, name: &str) -> Result<(), Fault> {
        let request = self
            .session
            .daemon()
            .start_container(id, None::<StartContainerOptions>);
        let what = format!("starting container {name}");
        self.session.change(&what, request).await
    }

    /// Describes a new container. It is made from the image's id, so that a tag that moves
    /// meanwhile changes nothing. It gets no alias in its network: under the service's name it would take traffic
    /// past the router.
    async fn body(&self, template: &Template, image: &Image) -> Result<ContainerCreateBody, Fault> {
        let labels = label::labels(self.call, self.revision, template, &image.digest);
        Ok(ContainerCreateBody {
            image: Some(image.id.clone()),
            env: Some(self.docker.environment(template).await?),
            cmd: template.command.clone(),
            labels: Some(labels),
            exposed_ports: template.port.map(|port| vec![format!("{port}/tcp")]),
            host_config: Some(HostConfig {
                network_mode: template.network.clone(),
                // A machine that starts again shall serve again; what was stopped stays stopped.
                restart_policy: Some(RestartPolicy {
                    name: Some(RestartPolicyNameEnum::UNLESS_STOPPED),
                    maximum_retry_count: None,
                }),
                ..Default::default()
            }),
            ..Default::default()
        })
    }
}
