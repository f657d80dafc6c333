//! Items that ask a database, a CI system, alerts or the age of a backup.

use gantry_model::{
    id::ConnectionName,
    operation::{Sample, SampleHealth},
    plan::Plan,
    release::check::{
        Check,
        question::{BackupAge, QuietAlerts},
    },
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    fault::Fault,
    inquiry::Question,
    ports::Ports,
    probe::{ProbeAnswer, Stamp},
};

use super::sample;
use crate::measure::PATIENCE;

/// Asks once; `None` where the check asks something else.
///
/// Whoever gives no answer leaves it untested: no data is never a pass.
pub(super) async fn ask(
    ports: &Ports,
    plan: &Plan,
    check: &Check,
    now: Timestamp,
) -> Option<Sample> {
    let answer = if let Some(sql) = &check.sql {
        inquire(ports, &sql.connection, &Question::Sql(sql.as_ref().clone())).await
    } else if let Some(ci) = &check.ci {
        inquire(ports, &ci.connection, &Question::Ci(ci.as_ref().clone())).await
    } else if let Some(backup) = &check.backup {
        age(ports, &plan.folder, backup, now).await
    } else {
        quiet(ports, check.alerts.as_ref()?).await
    };
    Some(match answer {
        Ok(answer) => {
            let health = match answer.healthy {
                true => SampleHealth::Healthy,
                false => SampleHealth::Unhealthy,
            };
            sample(health, answer.detail)
        }
        Err(fault) => sample(SampleHealth::NoData, fault.message),
    })
}

async fn inquire(
    ports: &Ports,
    name: &ConnectionName,
    question: &Question,
) -> Result<ProbeAnswer, Fault> {
    match ports.inquiries.get(name) {
        Some(asked) => asked.ask(question, PATIENCE).await,
        None => Err(Fault::refused(format!(
            "connection `{name}` answers no questions"
        ))),
    }
}

async fn age(
    ports: &Ports,
    folder: &str,
    backup: &BackupAge,
    now: Timestamp,
) -> Result<ProbeAnswer, Fault> {
    let made = ports.probe.stamp(&stamp(backup, folder)?, PATIENCE).await?;
    let at = made.format("%Y-%m-%d %H:%M:%SZ");
    let Ok(age) = now.signed_duration_since(made).to_std() else {
        let sentence = format!("the backup says that it was made at {at}, which is still to come");
        return Err(Fault::refused(sentence));
    };
    let age = Span::from_secs(age.as_secs());
    let within = backup.within;
    let healthy = age <= within;
    let word = if healthy { "at most" } else { "more than" };
    let detail = format!("the backup was made at {at}, {age} ago: {word} {within}");
    Ok(ProbeAnswer { healthy, detail })
}

fn stamp(backup: &BackupAge, folder: &str) -> Result<Stamp, Fault> {
    if let Some(file) = &backup.file {
        let path = std::path::Path::new(folder).join(file);
        let path = path.to_string_lossy().into_owned();
        return Ok(Stamp::File { path });
    }
    if let Some(url) = &backup.url {
        return Ok(Stamp::Http { url: url.clone() });
    }
    let none = || Fault::refused("a backup is a `file`, a `url` or an `exec`");
    let argv = backup.exec.clone().ok_or_else(none)?;
    let folder = folder.to_owned();
    Ok(Stamp::Exec { argv, folder })
}

/// What somebody silenced is known of.
async fn quiet(ports: &Ports, asked: &QuietAlerts) -> Result<ProbeAnswer, Fault> {
    let name = &asked.connection;
    let none = || Fault::refused(format!("connection `{name}` knows no alerts"));
    let source = ports.alerts.get(name).ok_or_else(none)?;
    let firing = source.firing(&asked.labels, PATIENCE).await?;
    let (silenced, heard): (Vec<_>, Vec<_>) = firing.iter().partition(|alert| alert.silenced);
    let named = |alert: &gantry_port::alerts::Alert| {
        let name = alert.labels.get("alertname");
        name.map_or("an alert without a name", String::as_str)
            .to_owned()
    };
    let detail = match heard.as_slice() {
        [] if silenced.is_empty() => "no alert fires".to_owned(),
        [] => format!("{} alerts fire, all of them silenced", silenced.len()),
        [one] => format!("{} fires since {}", named(one), one.since),
        [first, others @ ..] => {
            format!("{} and {} more fire", named(first), others.len())
        }
    };
    Ok(ProbeAnswer {
        healthy: heard.is_empty(),
        detail,
    })
}
