//! What makes a plan impossible: every problem at once, each with its place.

mod answerable;
mod item;
mod judge;
mod node;
mod people;
mod release;
mod source;
mod stakeholder;
mod strategy;
mod task;
mod text;

use gantry_model::{id::ConnectionName, plan::Finding, release::connection::Connection};

use crate::{known::Known, place::Place};

/// Checks a release and its nodes.
pub(crate) fn structure(known: &Known<'_>, found: &mut Vec<Finding>) {
    release::check(known, found);
    people::check(known.release, found);
    stakeholder::check(known, found);
    for settled in known.nodes {
        node::check(known, settled, found);
        strategy::check(known, settled, found);
        task::check(settled, found);
        judge::check(known, settled, found);
    }
}

/// What a connection is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Workload,
    Router,
    Flag,
    Database,
    Metrics,
    Alerts,
    Sql,
    Ci,
    Channel,
}

impl Use {
    fn products(self) -> &'static [&'static str] {
        match self {
            Self::Workload => &["docker"],
            Self::Router => &["haproxy"],
            Self::Flag => &["unleash"],
            Self::Database => &["postgres"],
            Self::Metrics => &[
                "prometheus",
                "victoria-metrics",
                "json-http",
                "datadog",
                "cloudwatch",
            ],
            Self::Alerts => &["alertmanager"],
            Self::Sql => &["postgres", "sqlite"],
            Self::Ci => &["github", "gitlab"],
            Self::Channel => &[
                "slack",
                "teams",
                "discord",
                "pagerduty",
                "statuspage",
                "matrix",
                "smtp",
                "webhook",
                "desktop",
            ],
        }
    }

    fn fits(self, connection: &Connection) -> bool {
        let product = connection.product();
        product == "simulated" || self.products().contains(&product)
    }

    fn purpose(self) -> &'static str {
        match self {
            Self::Workload => "run a workload",
            Self::Router => "share traffic",
            Self::Flag => "hold a flag",
            Self::Database => "hold a schema",
            Self::Metrics => "answer metrics",
            Self::Alerts => "tell about alerts",
            Self::Sql => "answer a query",
            Self::Ci => "tell what became of a commit",
            Self::Channel => "tell people",
        }
    }
}

/// Checks that a connection is there and of a product that serves the purpose.
fn connection(
    known: &Known<'_>,
    name: &ConnectionName,
    (place, purpose): (&Place, Use),
    found: &mut Vec<Finding>,
) {
    let Some(connection) = known.release.connections.get(name) else {
        let all = known.release.connections.keys().map(ConnectionName::as_str);
        let message = format!("No connection `{name}` stands under `connections`.");
        found.push(place.error(
            "unknown-connection",
            message,
            known.nearest(name.as_str(), all),
        ));
        return;
    };
    if !purpose.fits(connection) {
        let message = format!(
            "`{name}` is a {} connection, which cannot {}.",
            connection.product(),
            purpose.purpose()
        );
        let hint = format!("expected {} or simulated", purpose.products().join(", "));
        found.push(place.error("wrong-product", message, hint));
    }
}
