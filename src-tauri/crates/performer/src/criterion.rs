//! Looking at a success criterion of a release, or at an item of a checklist.

mod question;

use gantry_model::{
    operation::{Sample, SampleHealth},
    plan::Plan,
    release::check::{Check, Criterion},
    time::Timestamp,
};
use gantry_port::{ports::Ports, probe::ProbeTarget};

use crate::{health::ask_probe, sight};

/// Looks once. What nobody can be asked about has no data: a person is asked then.
pub(crate) async fn look(
    ports: &Ports,
    plan: &Plan,
    criterion: &Criterion,
    now: Timestamp,
) -> Sample {
    if let Some(check) = &criterion.check {
        if let Some(seen) = sight::criterion(ports, plan, check, now).await {
            return seen;
        }
        if let Some(answered) = question::ask(ports, plan, check, now).await {
            return answered;
        }
    }
    let target = match &criterion.check {
        Some(check) => target(check, &plan.folder),
        None => Err("only a person can tell"),
    };
    match target {
        Ok(target) => {
            let answer = ask_probe(&*ports.probe, &target).await;
            let health = match answer.healthy {
                true => SampleHealth::Healthy,
                false => SampleHealth::Unhealthy,
            };
            sample(health, answer.detail)
        }
        Err(why) => sample(SampleHealth::NoData, why.into()),
    }
}

/// Says what is asked; a release has no instance of its own, so that addresses must be whole.
fn target(check: &Check, folder: &str) -> Result<ProbeTarget, &'static str> {
    if let Some(http) = &check.http {
        let whole = http.url.clone();
        let url = whole.ok_or("its `http` check has no `url`, and a release has no address")?;
        let status = http.status;
        return Ok(ProbeTarget::Http { url, status });
    }
    if let Some(tcp) = &check.tcp {
        let whole = tcp.address.clone();
        let address = whole.ok_or("its `tcp` check has no `address`, and a release has none")?;
        return Ok(ProbeTarget::Tcp { address });
    }
    match &check.exec {
        Some(argv) => Ok(ProbeTarget::Exec {
            argv: argv.clone(),
            folder: folder.to_owned(),
        }),
        None => Err("only the workspace can tell: a person has to look"),
    }
}

pub(crate) fn sample(health: SampleHealth, summary: String) -> Sample {
    Sample {
        health,
        summary,
        facts: Default::default(),
    }
}
