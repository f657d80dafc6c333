//! Which nodes are part of the release at all.

use gantry_model::{plan::Finding, release::node::When};

use crate::{
    known::Known,
    place::Place,
    requirement::{EXPECTED, Requirement},
    settled::Settled,
};

/// Says for each node whether it takes part, and says why where it does not.
pub(crate) fn included(known: &Known<'_>, found: &mut Vec<Finding>) -> Vec<bool> {
    let takes_part = |settled: &Settled<'_>, found: &mut Vec<Finding>| {
        let Some(when) = &settled.node.when else {
            return true;
        };
        let place = settled.place.at("when");
        let reason = against(known, when, &place, found);
        if let Some(reason) = &reason {
            found.push(place.note(
                "left-out",
                format!("`{}` is left out: {reason}.", settled.id),
                "what needs it goes on as if it were done",
            ));
        }
        reason.is_none()
    };
    known
        .nodes
        .iter()
        .map(|settled| takes_part(settled, found))
        .collect()
}

/// Gives the first condition that does not hold, in words.
fn against(
    known: &Known<'_>,
    when: &When,
    place: &Place,
    found: &mut Vec<Finding>,
) -> Option<String> {
    let mut reason = None;
    if !when.environment.is_empty() && !when.environment.contains(&known.release.environment) {
        reason = Some(format!("it is not for `{}`", known.release.environment));
    }
    for (service, text) in &when.services {
        let place = place.at("services").at(service);
        let Some(requirement) = Requirement::parse(text) else {
            let message = format!("`{text}` is not a version requirement.");
            found.push(place.error("bad-requirement", message, EXPECTED));
            continue;
        };
        let Some(version) = known.release.services.get(service) else {
            let all = known.release.services.keys().map(|name| name.as_str());
            let message = format!("No service `{service}` stands under `services`.");
            found.push(place.error(
                "unknown-service",
                message,
                known.nearest(service.as_str(), all),
            ));
            continue;
        };
        match requirement.met_by(version) {
            Some(true) => {}
            Some(false) => {
                reason = Some(format!("`{service}` is {version} and should be {text}"));
            }
            None => {
                let message =
                    format!("`{version}` of `{service}` cannot be compared with `{text}`.");
                let hint = "give a version of three numbers, for example `1.8.3`";
                found.push(place.error("version-not-comparable", message, hint));
            }
        }
    }
    reason
}
