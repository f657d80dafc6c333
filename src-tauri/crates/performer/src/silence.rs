//! Silencing alerts while a release is under way.

use gantry_model::{id::RunId, release::check::Silence, time::Timestamp};
use gantry_port::{
    alerts::{self, Alerts},
    fault::{Fault, FaultKind},
    ports::Ports,
};

use crate::measure::PATIENCE;

/// Sets a silence, or finds the one of this run that is in force: it is found by its comment.
pub(crate) async fn set(
    ports: &Ports,
    run: &RunId,
    silence: &Silence,
    (now, until): (Timestamp, Timestamp),
) -> Result<String, Fault> {
    let labels: Vec<String> = silence
        .labels
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let asked = alerts::Silence {
        labels: silence.labels.clone(),
        from: now,
        until,
        by: "gantry".into(),
        comment: format!("release {run} is under way ({})", labels.join(", ")),
    };
    source(ports, silence)?.silence(&asked, PATIENCE).await
}

/// Ends a silence.
pub(crate) async fn end(ports: &Ports, silence: &Silence, id: &str) -> Result<(), Fault> {
    source(ports, silence)?.unsilence(id, PATIENCE).await
}

fn source<'a>(ports: &'a Ports, silence: &Silence) -> Result<&'a dyn Alerts, Fault> {
    let name = &silence.connection;
    let found = ports.alerts.get(name).map(|source| &**source);
    let missing = || {
        let message = format!("connection `{name}` knows no alerts");
        Fault::new(FaultKind::Unsupported, message)
    };
    found.ok_or_else(missing)
}
