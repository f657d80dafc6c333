//! A node that runs somewhere and is sent traffic: its platform, its router, its two versions.

use gantry_model::{
    id::Version,
    plan::Action,
    platform::{Baseline, Instance, InstanceState, Revision, Template},
    release::node,
};
use gantry_port::{fault::Fault, router::Router, workload::Workload};

use crate::scene::Scene;

/// A node's workload with everything around it.
pub(crate) struct Deployment<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) spec: &'a node::Workload,
    pub(crate) platform: &'a dyn Workload,
    pub(crate) backend: Option<Backend<'a>>,
    pub(crate) new: &'a Version,
    pub(crate) baseline: &'a Baseline,
}

/// A backend of a router.
pub(crate) struct Backend<'a> {
    pub(crate) router: &'a dyn Router,
    pub(crate) name: &'a str,
}

impl<'a> Deployment<'a> {
    pub(crate) fn of(scene: &'a Scene<'a>) -> Result<Self, Fault> {
        Self::with_baseline(scene, scene.baseline()?)
    }

    pub(crate) fn with_baseline(
        scene: &'a Scene<'a>,
        baseline: &'a Baseline,
    ) -> Result<Self, Fault> {
        let node = scene.node;
        let nothing = |what| Fault::refused(format!("`{}` has no {what}", node.id));
        let spec = node.workload.as_ref().ok_or_else(|| nothing("workload"))?;
        let version = node.version.as_ref().ok_or_else(|| nothing("version"))?;
        let platform = scene.ports.workloads.get(&spec.connection);
        let missing = || scene.no_connection(Some(&spec.connection), "runs workloads");
        Ok(Self {
            scene,
            spec,
            platform: &**platform.ok_or_else(missing)?,
            backend: Backend::of(scene)?,
            new: &version.to,
            baseline,
        })
    }

    /// Gives the version to go back to: what served before, unless that is the new one.
    pub(crate) fn old(&self) -> Option<&'a Version> {
        self.baseline
            .version
            .as_ref()
            .filter(|version| *version != self.new)
    }

    /// Whether the new version is what served before, so that it must never be taken away.
    pub(crate) fn served_before(&self) -> bool {
        self.baseline.version.as_ref() == Some(self.new)
    }

    /// Counts the instances that served before.
    pub(crate) fn old_count(&self) -> u32 {
        let version = self.baseline.version.as_ref();
        let instances = self.baseline.instances.iter();
        count(instances.filter(|i| Some(&i.version) == version && is_live(i)))
    }

    /// Counts the new instances that there should be by now: what the last step said.
    pub(crate) fn new_count(&self) -> u32 {
        let replicas = self
            .scene
            .steps_so_far()
            .rev()
            .find_map(|step| match step.action {
                Action::Stage { replicas }
                | Action::Batch { replicas, .. }
                | Action::StartNew { replicas } => Some(replicas),
                _ => None,
            });
        replicas.unwrap_or(self.spec.replicas)
    }

    pub(crate) fn revision(&self, version: &Version) -> Revision {
        Revision {
            service: self.scene.node.service.clone(),
            environment: self.scene.operation.plan.environment.clone(),
            version: version.clone(),
        }
    }

    /// Says how instances of a version are made, with the digest that is known for it.
    pub(crate) fn template(&self, version: &Version) -> Template {
        let digest = if version == self.new {
            self.baseline.pinned.clone()
        } else {
            let known = self
                .baseline
                .instances
                .iter()
                .find(|i| i.version == *version);
            known.and_then(|instance| instance.digest.clone())
        };
        let image = self.spec.image.replace("{{version}}", version.as_str());
        Template {
            image: image.replace("{{service}}", self.scene.node.service.as_str()),
            digest,
            port: self.spec.port,
            env: self.spec.env.clone(),
            command: self.spec.command.clone(),
            network: self.spec.network.clone(),
        }
    }

    /// Lists everything of the service, stopped instances too, sorted by id.
    pub(crate) async fn instances(&self) -> Result<Vec<Instance>, Fault> {
        self.platform.instances(&self.revision(self.new)).await
    }

    /// Lists the instances of a version that run.
    pub(crate) async fn live(&self, version: &Version) -> Result<Vec<Instance>, Fault> {
        let mut instances = self.instances().await?;
        instances.retain(|instance| instance.version == *version && is_live(instance));
        Ok(instances)
    }

    /// Makes exactly so many instances of the new version run.
    pub(crate) async fn scale_new(&self, replicas: u32) -> Result<Vec<Instance>, Fault> {
        let template = self.template(self.new);
        let revision = self.revision(self.new);
        let call = &self.scene.call;
        self.platform
            .scale(call, &revision, Some(&template), replicas)
            .await
    }

    /// Makes exactly so many instances of another version run. Those that were stopped are
    /// started as they were; only what somebody has removed is made again from the template.
    pub(crate) async fn scale_old(
        &self,
        version: &Version,
        replicas: u32,
    ) -> Result<Vec<Instance>, Fault> {
        let kept = self.instances().await?;
        let kept = count(kept.iter().filter(|instance| instance.version == *version));
        let template = (kept < replicas).then(|| self.template(version));
        let revision = self.revision(version);
        let call = &self.scene.call;
        self.platform
            .scale(call, &revision, template.as_ref(), replicas)
            .await
    }
}

impl<'a> Backend<'a> {
    fn of(scene: &'a Scene<'a>) -> Result<Option<Self>, Fault> {
        let Some(route) = &scene.node.router else {
            return Ok(None);
        };
        let router = scene.ports.routers.get(&route.connection);
        let missing = || scene.no_connection(Some(&route.connection), "routes traffic");
        Ok(Some(Self {
            router: &**router.ok_or_else(missing)?,
            name: &route.backend,
        }))
    }
}

/// Whether an instance runs, well or not.
pub(crate) fn is_live(instance: &Instance) -> bool {
    match instance.state {
        InstanceState::Starting | InstanceState::Running | InstanceState::Unhealthy => true,
        InstanceState::Stopped | InstanceState::Failed => false,
    }
}

/// Gives the addresses of instances.
pub(crate) fn addresses(instances: &[Instance]) -> Vec<String> {
    instances
        .iter()
        .filter_map(|instance| instance.address.clone())
        .collect()
}

pub(crate) fn count<T>(things: impl Iterator<Item = T>) -> u32 {
    u32::try_from(things.count()).unwrap_or(u32::MAX)
}
