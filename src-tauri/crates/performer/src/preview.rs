//! Running a check against the new version before it gets traffic.

use gantry_model::{
    operation::Evidence,
    platform::Instance,
    release::{check::Check, strategy::Strategy},
};
use gantry_port::{
    fault::{Fault, FaultKind},
    probe::ProbeTarget,
};

use crate::{
    deployment::Deployment,
    health::{ask_probe, url_of, with_port},
};

/// Asks each new instance what the preview says; one no is a no.
pub(crate) async fn perform(deployment: &Deployment<'_>) -> Result<Evidence, Fault> {
    let Some(check) = check(deployment) else {
        return Ok(Evidence::sentence("no preview is declared"));
    };
    let instances = deployment.live(deployment.new).await?;
    if instances.is_empty() {
        let message = format!(
            "no instance of {} runs that could be previewed",
            deployment.new
        );
        return Err(Fault::refused(message));
    }
    let folder = &deployment.scene.operation.plan.folder;
    for instance in &instances {
        let target = target(check, instance, folder)?;
        let answer = ask_probe(&*deployment.scene.ports.probe, &target).await;
        if !answer.healthy {
            let message = format!("the preview of {} failed: {}", instance.id, answer.detail);
            return Err(Fault::refused(message));
        }
    }
    let count = instances.len();
    Ok(Evidence::sentence(format!(
        "the preview passed on {count} instances"
    )))
}

fn check<'a>(deployment: &Deployment<'a>) -> Option<&'a Check> {
    match deployment.scene.node.settings.as_ref()? {
        Strategy::BlueGreen(settings) => settings.preview.as_ref().map(|preview| &preview.check),
        Strategy::Recreate(_)
        | Strategy::Rolling(_)
        | Strategy::Canary(_)
        | Strategy::Progressive(_)
        | Strategy::ExpandContract(_)
        | Strategy::ShadowWrites(_) => None,
    }
}

fn target(check: &Check, instance: &Instance, folder: &str) -> Result<ProbeTarget, Fault> {
    let address = instance.address.as_deref().unwrap_or_default();
    if let Some(http) = &check.http {
        let own = || url_of(address, http.port, http.path.as_deref());
        let url = http.url.clone().unwrap_or_else(own);
        let status = http.status;
        return Ok(ProbeTarget::Http { url, status });
    }
    if let Some(tcp) = &check.tcp {
        let own = || with_port(address, tcp.port);
        let address = tcp.address.clone().unwrap_or_else(own);
        return Ok(ProbeTarget::Tcp { address });
    }
    if let Some(argv) = &check.exec {
        let (argv, folder) = (argv.clone(), folder.to_owned());
        return Ok(ProbeTarget::Exec { argv, folder });
    }
    let message =
        "a preview asks over `http`, `tcp` or `exec`; a metric cannot be asked of an instance";
    Err(Fault::new(FaultKind::Unsupported, message))
}
