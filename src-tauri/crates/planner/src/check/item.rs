//! What items and criteria ask beyond health and metrics: databases, CI systems, alerts, backups,
//! and what was done before.

use gantry_model::{
    plan::Finding,
    release::check::{
        Check, Criterion,
        question::{BackupAge, SqlQuestion, Value},
    },
    unit::Span,
};

use super::{Use, connection, text::check_arguments};
use crate::{known::Known, place::Place};

/// Checks that a check asks one thing, and that somebody can answer it.
pub(super) fn check(known: &Known<'_>, check: &Check, place: &Place) -> Vec<Finding> {
    let mut found = Vec::new();
    match check.forms().as_slice() {
        [] => {
            let message = "This check looks at nothing.".to_owned();
            let hint = "write one of `http`, `tcp`, `exec`, `metric`, `sql`, `ci`, `backup`, \
                        `rehearsed`, `release` and `alerts`";
            found.push(place.error("check-form", message, hint));
        }
        [_] => {}
        several => {
            let message = format!("This check asks for {} at once.", several.join(" and "));
            let hint = "make an item of each, so that each has its own answer";
            found.push(place.error("check-form", message, hint));
        }
    }
    if let Some(sql) = &check.sql {
        let place = place.at("sql");
        let named = (&place.at("connection"), Use::Sql);
        connection(known, &sql.connection, named, &mut found);
        found.extend(check_sql(sql, &place));
    }
    if let Some(ci) = &check.ci {
        let place = place.at("ci");
        let named = (&place.at("connection"), Use::Ci);
        connection(known, &ci.connection, named, &mut found);
        if !ci.repository.contains('/') {
            let message = format!("`{}` is not a repository.", ci.repository);
            let hint = "expected `owner/name`";
            found.push(place.at("repository").error("ci-form", message, hint));
        }
        if ci.commit.trim().is_empty() {
            let message = "No commit is named.".to_owned();
            let hint = "write a commit, a branch or a tag";
            found.push(place.at("commit").error("ci-form", message, hint));
        }
    }
    if let Some(alerts) = &check.alerts {
        let named = (&place.at("alerts").at("connection"), Use::Alerts);
        connection(known, &alerts.connection, named, &mut found);
    }
    if let Some(backup) = &check.backup {
        found.extend(check_backup(backup, &place.at("backup")));
    }
    found.extend(check_before(known, check, place));
    found
}

/// Refuses what only the workspace knows where a platform is asked.
pub(super) fn check_success(criterion: &Criterion, place: &Place) -> Option<Finding> {
    let check = criterion.check.as_ref()?;
    let forms = check.forms();
    let word = forms
        .iter()
        .find(|form| ["rehearsed", "release"].contains(form))?;
    let message = format!("`{word}` is known before a release, and says nothing of its success.");
    let hint = "move it to `go-no-go.criteria`, or to a checklist";
    Some(place.at(word).error("check-place", message, hint))
}

fn check_sql(sql: &SqlQuestion, place: &Place) -> Vec<Finding> {
    let mut found = Vec::new();
    if sql.query.trim().is_empty() {
        let message = "No query is written.".to_owned();
        let hint =
            "write a query with one value as its answer, such as `select count(*) from jobs`";
        found.push(place.at("query").error("sql-form", message, hint));
    }
    if sql.equals.is_none() && sql.below.is_none() && sql.above.is_none() {
        let message = "A value without `equals`, `below` or `above` says nothing.".to_owned();
        found.push(place.error("sql-form", message, "add one of them"));
    }
    for (key, limit) in [("below", &sql.below), ("above", &sql.above)] {
        if let Some(limit) = limit.as_ref().filter(|limit| limit.number().is_none()) {
            let message = format!("`{limit}` is no number.");
            let hint = "write a number; one with decimals in quotes, such as `\"0.5\"`";
            found.push(place.at(key).error("sql-form", message, hint));
        }
    }
    if matches!(&sql.equals, Some(Value::Text(text)) if text.is_empty()) {
        let message = "Nothing is to be equalled.".to_owned();
        let hint = "write the value; NULL is no value and never counts";
        found.push(place.at("equals").error("sql-form", message, hint));
    }
    found
}

fn check_backup(backup: &BackupAge, place: &Place) -> Vec<Finding> {
    let mut found = Vec::new();
    let told = [
        backup.file.is_some(),
        backup.url.is_some(),
        backup.exec.is_some(),
    ];
    if told.into_iter().filter(|given| *given).count() != 1 {
        let message = "A backup's time comes from one place.".to_owned();
        let hint = "expected one of `file`, `url` and `exec`";
        found.push(place.error("backup-form", message, hint));
    }
    let arguments = backup.exec.iter();
    found.extend(arguments.flat_map(|exec| check_arguments(exec, &place.at("exec"))));
    found.extend(no_time(backup.within, place));
    found
}

fn check_before(known: &Known<'_>, check: &Check, place: &Place) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(rehearsed) = &check.rehearsed {
        found.extend(no_time(rehearsed.within, &place.at("rehearsed")));
    }
    if let Some(other) = &check.release {
        let place = place.at("release");
        if other.done == known.release.release {
            let message = format!("`{}` would wait for itself.", other.done);
            found.push(
                place
                    .at("done")
                    .error("own-release", message, "name another release"),
            );
        }
        found.extend(other.within.and_then(|within| no_time(within, &place)));
    }
    found
}

fn no_time(within: Span, place: &Place) -> Option<Finding> {
    let message = "Nothing is so young.".to_owned();
    let hint = "say how old it may be, such as `within: 1h`";
    (within == Span::ZERO).then(|| place.at("within").error("no-time", message, hint))
}
