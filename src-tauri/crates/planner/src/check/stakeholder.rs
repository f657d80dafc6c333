//! Who is told: what could never be sent is said before the release starts.

use std::{
    collections::BTreeSet,
    path::{Component, Path},
};

use gantry_model::{
    plan::Finding,
    release::{
        connection::{
            Channel, Connection,
            channel::{MailProtection, Slack, Smtp},
        },
        stakeholder::{Occasion, Stakeholder},
    },
};

use super::{Use, connection};
use crate::{known::Known, place::Place};

/// Checks the stakeholders of a release, and how they are told.
pub(super) fn check(known: &Known<'_>, found: &mut Vec<Finding>) {
    let mut names = BTreeSet::new();
    for (number, stakeholder) in known.release.stakeholders.iter().enumerate() {
        let place = Place::top("stakeholders").at(number);
        if !names.insert(&stakeholder.name) {
            let message = format!("Two stakeholders are called `{}`.", stakeholder.name);
            let hint = "give each a name of its own, since the ledger names it";
            found.push(
                place
                    .at("name")
                    .error("duplicate-stakeholder", message, hint),
            );
        }
        check_one(known, stakeholder, &place, found);
    }
    check_notify(known, &names, found);
}

fn check_one(
    known: &Known<'_>,
    stakeholder: &Stakeholder,
    place: &Place,
    found: &mut Vec<Finding>,
) {
    let via = place.at("via");
    let name = &stakeholder.via.connection;
    connection(known, name, (&via.at("connection"), Use::Channel), found);
    if let Some(connection) = known.release.connections.get(name) {
        let to = stakeholder.via.to.as_deref();
        found.extend(missing_address(connection, to, &via));
        let settings = Place::top("connections").at(name).at(connection.product());
        found.extend(unusable(connection, &settings));
    }
    found.extend(
        stakeholder
            .template
            .iter()
            .filter_map(|name| outside(name, place)),
    );
    if stakeholder.on.is_empty() {
        let message = format!("`{}` is told nothing.", stakeholder.name);
        let hint = "list events: started, held, rolled-back, finished, …";
        found.push(place.at("on").warning("told-nothing", message, hint));
    }
    let polls = !known.release.go_no_go.poll.is_empty();
    if stakeholder.on.contains(&Occasion::Poll) && !polls {
        let message = format!(
            "`{}` is told of polls, but none is taken.",
            stakeholder.name
        );
        let hint = "add `go-no-go: { poll: … }`, or take `poll` out";
        found.push(place.at("on").warning("no-poll", message, hint));
    }
}

/// A wording is read when people are told; it may be nothing but a file beside the release.
fn outside(name: &str, place: &Place) -> Option<Finding> {
    let parts = Path::new(name).components();
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
    if !name.is_empty() && parts.into_iter().all(inside) {
        return None;
    }
    let message = format!("`{name}` does not lie beside the release file.");
    let hint = "expected a relative path without `..`";
    Some(place.at("template").error("template-path", message, hint))
}

/// Some channels reach nobody without an address.
fn missing_address(connection: &Connection, to: Option<&str>, via: &Place) -> Option<Finding> {
    let (what, hint) = match connection.channel()? {
        Channel::Smtp(_) => ("an address", "to: status@example.com"),
        Channel::Matrix(_) => ("a room", "to: \"!room:example.com\""),
        Channel::Slack(slack) if slack.token.is_some() => ("a channel", "to: \"C0123\""),
        Channel::Slack(_)
        | Channel::Teams(_)
        | Channel::Discord(_)
        | Channel::PagerDuty(_)
        | Channel::StatusPage(_)
        | Channel::Webhook(_)
        | Channel::Desktop => return None,
    };
    if to.is_some_and(|to| !to.trim().is_empty()) {
        return None;
    }
    let message = format!("A {} channel needs {what}.", connection.product());
    Some(via.error("no-address", message, format!("add `{hint}`")))
}

fn unusable(connection: &Connection, place: &Place) -> Option<Finding> {
    match connection.channel()? {
        Channel::Slack(slack) => slack_form(slack, place),
        Channel::Smtp(smtp) => mail_form(smtp, place),
        Channel::Teams(_)
        | Channel::Discord(_)
        | Channel::PagerDuty(_)
        | Channel::StatusPage(_)
        | Channel::Matrix(_)
        | Channel::Webhook(_)
        | Channel::Desktop => None,
    }
}

fn slack_form(slack: &Slack, place: &Place) -> Option<Finding> {
    if slack.webhook.is_some() != slack.token.is_some() {
        return None;
    }
    let message = "Slack is written to by a webhook or by a bot, one of them.".to_owned();
    let hint = "expected `webhook`, or `token` where threads are to be kept";
    Some(place.error("slack-form", message, hint))
}

/// A password in the clear is read by whoever stands in between.
fn mail_form(smtp: &Smtp, place: &Place) -> Option<Finding> {
    let local = ["localhost", "127.0.0.1", "::1"].contains(&smtp.host.as_str());
    if smtp.tls != MailProtection::None || smtp.password.is_none() || local {
        return None;
    }
    let message = format!("The password would go to `{}` in the clear.", smtp.host);
    let hint = "expected `tls: starttls` or `tls: tls`";
    Some(place.at("tls").error("clear-password", message, hint))
}

fn check_notify(known: &Known<'_>, names: &BTreeSet<&String>, found: &mut Vec<Finding>) {
    let notify = &known.release.notify;
    let place = Place::top("notify");
    if !(2..=1000).contains(&notify.at_most) {
        let message = format!("`{}` messages cannot be the most.", notify.at_most);
        let hint = "expected 2 to 1000: one of them may have to be a digest";
        found.push(place.at("at-most").error("storm-cap", message, hint));
    }
    if let Some(escalate) = &notify.escalate
        && !names.contains(&escalate.to)
    {
        let message = format!("No stakeholder is called `{}`.", escalate.to);
        let known_names = names.iter().map(|name| name.as_str());
        let hint = known.nearest(&escalate.to, known_names);
        let place = place.at("escalate").at("to");
        found.push(place.error("unknown-stakeholder", message, hint));
    }
}
