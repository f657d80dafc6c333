//! Who serves at the end, how many requests failed and why, and whether that was promised.

use anyhow::Result;

use super::words::{promise, tell};
use crate::say::say;
use crate::shop::{Answers, Snapshot};

const OLDEST: &str = "1.0";
const OLD: &str = "1.1";
const BAD: &str = "1.2";

/// The one service whose strategy is to be away for a moment.
const AWAY: &str = "search";

/// The service that has the incident.
const HIT: &str = "orders";

/// What customers of each service were told.
type Accounts = [(String, Answers)];

/// Everything that the promises are about.
pub(super) struct Told<'a> {
    pub(super) statuses: [i32; 3],
    pub(super) before: &'a Snapshot,
    pub(super) after: &'a Snapshot,
    pub(super) during_good: &'a Accounts,
    pub(super) during_bad: &'a Accounts,
    pub(super) now: &'a Accounts,
    pub(super) journal: i32,
}

/// Prints who serves each service now, and what became of the requests while 1.2 was tried.
pub(super) fn print_end_state(after: &Snapshot, now: &Accounts, during: &Accounts) -> Result<()> {
    tell("Who serves now, asked of Docker, of HAProxy and of the customers:\n");
    say(format_args!(
        "  {:<12} {:<18} {:<14} {}",
        "service", "containers", "HAProxy", "customers' answers"
    ));
    for (service, answers) in now {
        let scene = after.of(service)?;
        let running: Vec<String> = scene
            .running()
            .into_iter()
            .map(|version| format!("{} × {version}", scene.count(version, "running")))
            .collect();
        let share = scene.share(OLD) * 100.0;
        say(format_args!(
            "  {service:<12} {:<18} {:<14} {}",
            running.join(", "),
            format!("{share:.0} % to {OLD}"),
            shares(answers)
        ));
    }
    tell("What customers met while 1.2 was tried and taken back:\n");
    say(format_args!(
        "  {:<12} {:>8} {:>12} {:>14} {:>14}",
        "service", "requests", "tried 1.2", "failed by 1.2", "failed else"
    ));
    for (service, answers) in during {
        say(format_args!(
            "  {service:<12} {:>8} {:>12} {:>14} {:>14}{}",
            answers.sent,
            answers.of(BAD),
            answers.failed_at(BAD),
            answers.failed_apart_from(BAD),
            if service == AWAY {
                "   (recreate: away twice, as announced)"
            } else {
                ""
            }
        ));
    }
    Ok(())
}

fn shares(answers: &Answers) -> String {
    let parts = answers.versions().into_iter().map(|version| {
        // Counts are far below 2^52, so the casts lose nothing.
        let share = answers.of(version) as f64 * 100.0 / answers.sent.max(1) as f64;
        format!("{share:.0} % from {version}")
    });
    let parts: Vec<String> = parts.collect();
    format!("{} of {}", parts.join(", "), answers.sent)
}

/// Prints each promise with whether it was kept, and tells whether all were.
pub(super) fn judge(told: &Told<'_>) -> bool {
    let [first, good, bad] = told.statuses;
    let failed_by_bad = sum(told.during_bad, |answers| answers.failed_at(BAD));
    let all_old = told
        .now
        .iter()
        .all(|(_, answers)| answers.of(OLD) == answers.sent && answers.failed_apart_from("") == 0);
    let nobody = Answers::default();
    let orders = told.during_good.iter().find(|(name, _)| name == HIT);
    let orders = orders.map_or(&nobody, |(_, answers)| answers);
    let alike = orders.failed_at(OLDEST) > 0 && orders.failed_at(OLD) > 0;
    say("");
    let kept = [
        promise(
            told.statuses == [0, 0, 3],
            &format!("exit statuses {first}, {good}, {bad}: succeeded, succeeded, rolled back"),
        ),
        promise(
            all_old,
            &format!("every customer of every service is served by {OLD} again"),
        ),
        promise(
            told.before.clone().serving() == told.after.clone().serving() && !told.after.has(BAD),
            "what runs, its images and HAProxy's weights are those from before, and nothing of 1.2 is left",
        ),
        promise(
            alike,
            &format!(
                "the incident failed {} requests at orders {OLDEST} and {} at orders {OLD}; {OLD} stayed",
                orders.failed_at(OLDEST),
                orders.failed_at(OLD)
            ),
        ),
        promise(
            failed_without_incident(told.during_good) == 0,
            "no other request failed while 1.1 came",
        ),
        promise(
            failed_by_us(told.during_bad) == 0,
            &format!(
                "while 1.2 came and went, {failed_by_bad} requests failed: answers of orders 1.2, no other"
            ),
        ),
        promise(told.journal == 0, "the record is whole, event by event"),
    ];
    say(format_args!(
        "    ({AWAY} is left out of the two: `recreate` announces an outage and has one)"
    ));
    kept.iter().all(|kept| *kept)
}

/// What failed but for the incident, which is in the answers of orders alone.
fn failed_without_incident(accounts: &Accounts) -> u64 {
    let others = accounts.iter().filter(|(name, _)| name != AWAY);
    others
        .map(|(name, answers)| match name == HIT {
            true => answers.unanswered(),
            false => answers.failed_apart_from(""),
        })
        .sum()
}

fn failed_by_us(accounts: &Accounts) -> u64 {
    let others: Vec<_> = accounts.iter().filter(|(name, _)| name != AWAY).collect();
    others
        .iter()
        .map(|(_, answers)| answers.failed_apart_from(BAD))
        .sum()
}

fn sum(accounts: &Accounts, count: impl Fn(&Answers) -> u64) -> u64 {
    accounts.iter().map(|(_, answers)| count(answers)).sum()
}
