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
    let asked = alerts::Silence {
        labels: silence.labels.clone(),
        from: now,
        until,
        by: "gantry".into(),
        comment: comment(run, silence),
    };
    source(ports, silence)?.silence(&asked, PATIENCE).await
}

/// Whether a run set the silence of this comment itself: that one is there for people, and must not
/// deafen the triggers of the run.
pub(crate) fn is_own(run: &RunId, comment: &str) -> bool {
    comment.starts_with(&opening(run))
}

fn comment(run: &RunId, silence: &Silence) -> String {
    let labels = silence.labels.iter();
    let labels: Vec<String> = labels
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{}{})", opening(run), labels.join(", "))
}

fn opening(run: &RunId) -> String {
    format!("release {run} is under way (")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_knows_its_own_silences_and_no_others() {
        let run = |number| RunId::new("shop".parse().unwrap(), number);
        let silence = Silence {
            connection: "alerts".parse().unwrap(),
            labels: [("service".to_owned(), "orders".to_owned())].into(),
            lasting: gantry_model::unit::Span::from_secs(60),
        };
        let comment = comment(&run(1), &silence);
        assert_eq!(comment, "release shop is under way (service=orders)");
        assert!(is_own(&run(1), &comment));
        assert!(!is_own(&run(11), &comment));
        assert!(!is_own(&run(1), "") && !is_own(&run(1), "disk of host 7 is replaced"));
    }
}
