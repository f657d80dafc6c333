//! Which nodes are part of the release at all.

use gantry_model::{id::ServiceName, plan::Finding, release::node::When};

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

/// Gives a condition that does not hold, in words.
fn against(
    known: &Known<'_>,
    when: &When,
    place: &Place,
    found: &mut Vec<Finding>,
) -> Option<String> {
    let environment = &known.release.environment;
    let elsewhere = !when.environment.is_empty() && !when.environment.contains(environment);
    let mut reason = elsewhere.then(|| format!("it is not for `{environment}`"));
    for (service, text) in &when.services {
        match holds(known, (service, text), &place.at("services").at(service)) {
            Ok(None) => {}
            Ok(unmet) => reason = unmet,
            Err(problem) => found.push(problem),
        }
    }
    reason
}

/// Says what is against a requirement on a neighbour's version, if anything is.
fn holds(
    known: &Known<'_>,
    (service, text): (&ServiceName, &str),
    place: &Place,
) -> Result<Option<String>, Finding> {
    let Some(requirement) = Requirement::parse(text) else {
        let message = format!("`{text}` is not a version requirement.");
        return Err(place.error("bad-requirement", message, EXPECTED));
    };
    let Some(version) = known.release.services.get(service) else {
        let all = known.release.services.keys().map(|name| name.as_str());
        let message = format!("No service `{service}` stands under `services`.");
        let hint = known.nearest(service.as_str(), all);
        return Err(place.error("unknown-service", message, hint));
    };
    let Some(met) = requirement.met_by(version) else {
        let message = format!("`{version}` of `{service}` cannot be compared with `{text}`.");
        let hint = "give a version of three numbers, for example `1.8.3`";
        return Err(place.error("version-not-comparable", message, hint));
    };
    Ok((!met).then(|| format!("`{service}` is {version} and should be {text}")))
}
