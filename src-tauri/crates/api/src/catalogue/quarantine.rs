//! What a plan brings out that is in quarantine.

use gantry_model::plan::{Finding, Plan, PlannedNode, Severity};
use gantry_port::catalogue::{LetThrough, Quarantined};

use crate::app::App;

/// Finds the nodes whose new version is in quarantine. One that a person let through in this
/// release is a warning, any other forbids the start.
///
/// A workspace that is not there or cannot be read knows of none; opening it for a start says so.
pub(crate) async fn findings(app: &App, plan: &Plan) -> Vec<Finding> {
    let Ok(Some(journal)) = app.journal_if_there() else {
        return Vec::new();
    };
    let Some(catalogue) = journal.catalogue() else {
        return Vec::new();
    };
    let bad = catalogue.list_quarantined().await.unwrap_or_default();
    if bad.is_empty() {
        return Vec::new();
    }
    let through = catalogue.list_let_through(&plan.release).await;
    let through = through.unwrap_or_default();
    let nodes = plan.nodes.iter();
    let found = nodes.filter_map(|node| {
        let bad = bad.iter().find(|bad| brings(node, bad))?;
        let through = through
            .iter()
            .find(|through| brings(node, &through.version));
        Some(finding(node, bad, through))
    });
    found.collect()
}

fn brings(node: &PlannedNode, bad: &Quarantined) -> bool {
    let version = node.version.as_ref();
    node.service == bad.service && version.is_some_and(|change| change.to == bad.version)
}

fn finding(node: &PlannedNode, bad: &Quarantined, through: Option<&LetThrough>) -> Finding {
    let told = format!(
        "Version {} of {} is in quarantine, by {}: {}",
        bad.version, bad.service, bad.by, bad.reason
    );
    let (severity, message, hint) = match through {
        Some(through) => (
            Severity::Warning,
            format!(
                "{told}; {} let it through: {}",
                through.version.by, through.version.reason
            ),
            "look at it closely".to_owned(),
        ),
        None => (
            Severity::Error,
            told,
            format!(
                "bring out another version, or let it through with a reason: \
                 `gantry quarantine let-through {} {} --release RELEASE --reason …`",
                bad.service, bad.version
            ),
        ),
    };
    Finding {
        severity,
        code: "quarantined".to_owned(),
        node: Some(node.id.clone()),
        pointer: Some(format!("/nodes/{}/version/to", node.id)),
        message,
        hint,
    }
}
