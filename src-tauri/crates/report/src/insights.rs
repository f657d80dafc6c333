//! The five delivery metrics of DORA, per service and environment, from the runs of a workspace.
//!
//! A deployment is a run in which a node of the service (tasks aside) reached `done`; retries and
//! several nodes of one service count once. Every number comes with how many cases it rests on and
//! with a 95 % interval. Nothing is guessed: what was not recorded is counted as "no data".

mod read;
mod statistics;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use gantry_model::{event::RunEvent, plan::Plan, time::Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use read::Case;
pub use statistics::{Median, Rate, Share};

/// How long after a deployment a hotfix tells that it failed.
const HOTFIX: TimeDelta = TimeDelta::hours(72);

/// One run of the workspace.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// The run.
    pub run: String,
    /// Its plan.
    pub plan: Plan,
    /// Its events.
    pub events: Vec<RunEvent>,
}

/// What is looked at, and how it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Whether what a canary caught counts as a failure.
    pub caught: Caught,
}

/// Whether a change that was stopped before it took all traffic counts as a failed deployment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Caught {
    /// It is counted apart: the canary did its work.
    #[default]
    Apart,
    /// It counts as a deployment that failed, as some vendors count.
    AsFailure,
}

/// The delivery metrics of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Insights {
    /// The version of this form.
    pub schema: u32,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// How what a canary caught is counted.
    pub caught: Caught,
    /// A row for each service and environment.
    pub services: Vec<Service>,
}

/// The delivery metrics of one service in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Service {
    /// The service.
    pub service: String,
    /// The environment.
    pub environment: String,
    /// How many deployments there were.
    pub deployments: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How many changes were stopped before they took all traffic.
    pub caught_in_canary: u64,
    /// From commit to production, in milliseconds, over commits.
    pub change_lead_time: LeadTime,
    /// Deployments a week.
    pub deployment_frequency: Frequency,
    /// From a failed deployment to a healthy service, in milliseconds.
    pub failed_deployment_recovery_time: Recovery,
    /// Failed deployments of all.
    pub change_fail_rate: Share,
    /// Unplanned deployments of all, rollbacks counted as deployments.
    pub deployment_rework_rate: Share,
}

/// From commit to production.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LeadTime {
    /// The median.
    #[serde(flatten)]
    pub median: Median,
    /// What three of four commits took at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p75: Option<f64>,
    /// Deployments of which no commit time was recorded; they are left out.
    pub no_data: u64,
}

/// How often.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Frequency {
    /// Deployments a week.
    #[serde(flatten)]
    pub weekly: Rate,
    /// The time between two, in milliseconds.
    pub gap: Median,
}

/// From failure to health.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Recovery {
    /// The median of those that are over.
    #[serde(flatten)]
    pub median: Median,
    /// Failed deployments that nothing has mended yet; the median leaves them out.
    pub censored: u64,
}

/// Computes the delivery metrics.
pub fn compute(records: &[RunRecord], scope: Scope) -> Insights {
    let mut cases: BTreeMap<(String, String), Vec<Case>> = BTreeMap::new();
    for record in records {
        for (service, case) in read::cases(record) {
            let key = (service, record.plan.environment.to_string());
            cases.entry(key).or_default().push(case);
        }
    }
    let rows = cases
        .into_iter()
        .map(|((service, environment), mut cases)| {
            cases.sort_by_key(|case| (case.at, case.run.clone()));
            row(service, environment, &cases, scope)
        });
    let quiet = |row: &Service| row.deployments == 0 && row.caught_in_canary == 0;
    Insights {
        schema: 1,
        from: scope.from,
        until: scope.until,
        caught: scope.caught,
        services: rows.filter(|row| !quiet(row)).collect(),
    }
}

fn row(service: String, environment: String, all: &[Case], scope: Scope) -> Service {
    let inside = |at: Timestamp| scope.from <= at && at < scope.until;
    let known: Vec<&Case> = all.iter().filter(|case| inside(case.at)).collect();
    let deployed: Vec<&Case> = known.iter().copied().filter(|case| case.reached).collect();
    let caught = (known.len() - deployed.len()) as u64;
    let failed: Vec<&Case> = deployed
        .iter()
        .copied()
        .filter(|case| has_failed(case, all))
        .collect();
    let (extra, count) = match scope.caught {
        Caught::Apart => (0, deployed.len() as u64),
        Caught::AsFailure => (caught, deployed.len() as u64 + caught),
    };
    let rollbacks = deployed
        .iter()
        .filter(|case| case.rolled_back.is_some())
        .count() as u64;
    let unplanned = deployed.iter().filter(|case| case.unplanned).count() as u64;
    Service {
        service,
        environment,
        deployments: deployed.len() as u64,
        failed: failed.len() as u64,
        caught_in_canary: caught,
        change_lead_time: lead_time(&deployed),
        deployment_frequency: frequency(&deployed, scope),
        failed_deployment_recovery_time: recovery(&failed, all),
        change_fail_rate: Share::of(failed.len() as u64 + extra, count),
        deployment_rework_rate: Share::of(unplanned + rollbacks, deployed.len() as u64 + rollbacks),
    }
}

/// Whether a deployment needed somebody at once: rolled back, mended by a hotfix, or marked.
fn has_failed(case: &Case, all: &[Case]) -> bool {
    let mended = all.iter().any(|later| {
        later.hotfix
            && later.reached
            && later.at > case.at
            && later.at - case.at <= HOTFIX
            && is_next(case, later, all)
    });
    case.rolled_back.is_some() || case.marked || mended
}

/// Whether no other deployment stands between the two: a hotfix mends the one before it.
fn is_next(case: &Case, later: &Case, all: &[Case]) -> bool {
    !all.iter()
        .any(|other| other.reached && case.at < other.at && other.at < later.at)
}

fn lead_time(deployed: &[&Case]) -> LeadTime {
    let spans = deployed.iter().flat_map(|case| {
        let commits = case.commits.iter();
        commits.map(|commit| (case.at - commit).num_milliseconds().max(0) as f64)
    });
    let spans: Vec<f64> = spans.collect();
    LeadTime {
        p75: statistics::quantile(&spans, 0.75),
        median: Median::of(&spans),
        no_data: deployed
            .iter()
            .filter(|case| case.commits.is_empty())
            .count() as u64,
    }
}

fn frequency(deployed: &[&Case], scope: Scope) -> Frequency {
    let gaps = deployed.windows(2).filter_map(|pair| match pair {
        [before, after] => Some((after.at - before.at).num_milliseconds() as f64),
        _ => None,
    });
    let weeks = (scope.until - scope.from).num_seconds().max(0) as f64 / 604_800.0;
    Frequency {
        weekly: Rate::of(deployed.len() as u64, weeks),
        gap: Median::of(&gaps.collect::<Vec<_>>()),
    }
}

fn recovery(failed: &[&Case], all: &[Case]) -> Recovery {
    let mended = |case: &Case| {
        let fix = all
            .iter()
            .find(|later| later.reached && later.at > case.at && !later.marked);
        let fix = fix.map(|later| later.at);
        // The first instant at which it was healthy again, on a rollback or on a fix.
        case.rolled_back.into_iter().chain(fix).min()
    };
    let spans: Vec<f64> = failed
        .iter()
        .filter_map(|case| {
            let from = case.impact.unwrap_or(case.at);
            Some((mended(case)? - from).num_milliseconds().max(0) as f64)
        })
        .collect();
    Recovery {
        censored: (failed.len() - spans.len()) as u64,
        median: Median::of(&spans),
    }
}
