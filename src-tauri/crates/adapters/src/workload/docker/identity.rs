//! The labels by which Gantry knows its containers again, and the names it gives them.

use std::collections::HashMap;

use gantry_model::platform::{Revision, Template};
use gantry_port::ports::Call;

pub(super) const SERVICE: &str = "gantry.service";
pub(super) const ENVIRONMENT: &str = "gantry.environment";
pub(super) const VERSION: &str = "gantry.version";
pub(super) const RELEASE: &str = "gantry.release";
pub(super) const STEP: &str = "gantry.step";
pub(super) const KEY: &str = "gantry.key";
pub(super) const EPOCH: &str = "gantry.epoch";
pub(super) const DIGEST: &str = "gantry.digest";
pub(super) const PORT: &str = "gantry.port";
pub(super) const NETWORK: &str = "gantry.network";
pub(super) const COMPOSE_SERVICE: &str = "com.docker.compose.service";
pub(super) const COMPOSE_PROJECT: &str = "com.docker.compose.project";
pub(super) const COMPOSE_ONE_OFF: &str = "com.docker.compose.oneoff";
pub(super) const OCI_VERSION: &str = "org.opencontainers.image.version";

/// Writes the labels of a new container.
pub(super) fn labels(
    call: &Call,
    revision: &Revision,
    template: &Template,
    digest: &str,
) -> HashMap<String, String> {
    let always = [
        (SERVICE, revision.service.to_string()),
        (ENVIRONMENT, revision.environment.to_string()),
        (VERSION, revision.version.to_string()),
        (RELEASE, call.run.to_string()),
        (STEP, call.step.to_string()),
        (KEY, call.key.to_string()),
        (EPOCH, call.epoch.to_string()),
        (DIGEST, digest.to_owned()),
    ];
    let port = template.port.map(|port| (PORT, port.to_string()));
    let network = template.network.clone().map(|network| (NETWORK, network));
    always
        .into_iter()
        .chain(port)
        .chain(network)
        .map(|(label, value)| (label.to_owned(), value))
        .collect()
}

/// Gives the name of the instance with this ordinal. The daemon takes a name once, which makes two
/// attempts to create the same instance collide instead of making two.
pub(super) fn name(revision: &Revision, ordinal: u32) -> String {
    let Revision {
        service,
        environment,
        version,
    } = revision;
    // `%` is the one letter of a version that the daemon refuses; the labels tell such names apart.
    format!("{service}-{version}-{environment}-{ordinal}").replace('%', "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_daemon_takes() {
        let revision = Revision {
            service: "orders".parse().unwrap(),
            environment: "production".parse().unwrap(),
            version: "2.4%x".parse().unwrap(),
        };
        assert_eq!(name(&revision, 2), "orders-2.4_x-production-2");
    }
}
