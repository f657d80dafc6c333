//! Delivery metrics over a few runs.

use chrono::TimeDelta;
use gantry_report::insights::{Caught, Insights, RunRecord, Scope, compute};
use serde_json::json;

use crate::recorded::{Recorded, recorded};

fn computed(runs: &[Recorded], caught: Caught) -> Insights {
    let records: Vec<RunRecord> = runs
        .iter()
        .enumerate()
        .map(|(number, run)| RunRecord {
            run: format!("rehearsal#{number}"),
            plan: run.plan.clone(),
            events: run.events.clone(),
        })
        .collect();
    let at = runs[0].events[0].at;
    let scope = Scope {
        from: at - TimeDelta::days(1),
        until: at + TimeDelta::days(27),
        caught,
    };
    compute(&records, scope)
}

fn service<'a>(insights: &'a Insights, name: &str) -> &'a gantry_report::insights::Service {
    insights
        .services
        .iter()
        .find(|row| row.service == name)
        .unwrap()
}

#[test]
fn what_reached_all_users_and_went_back_has_failed() {
    let insights = computed(&[recorded()], Caught::Apart);
    let catalogue = service(&insights, "catalogue");
    assert_eq!((catalogue.deployments, catalogue.failed), (1, 1));
    assert_eq!(catalogue.change_fail_rate.share, Some(1.0));
    let recovery = &catalogue.failed_deployment_recovery_time;
    assert_eq!((recovery.median.n, recovery.censored), (1, 0));
    assert!(
        insights
            .services
            .iter()
            .all(|row| row.service != "storefront")
    );
}

#[test]
fn what_a_canary_caught_is_counted_apart_unless_asked_for() {
    let apart = computed(&[recorded()], Caught::Apart);
    let checkout = service(&apart, "checkout");
    assert_eq!((checkout.deployments, checkout.caught_in_canary), (0, 1));
    assert_eq!(checkout.change_fail_rate.share, None);
    let counted = computed(&[recorded()], Caught::AsFailure);
    assert_eq!(
        service(&counted, "checkout").change_fail_rate.share,
        Some(1.0)
    );
}

#[test]
fn commit_times_are_never_guessed() {
    let without = computed(&[recorded()], Caught::Apart);
    let lead = &service(&without, "catalogue").change_lead_time;
    assert_eq!(
        (lead.median.n, lead.median.median, lead.no_data),
        (0, None, 1)
    );
    let mut run = recorded();
    let at = run.events[0].at - TimeDelta::hours(1);
    run.and(
        "note",
        json!({ "by": "ci", "text": "built", "tags": [format!("commit:{}", at.to_rfc3339())] }),
    );
    let with = computed(&[run], Caught::Apart);
    let lead = &service(&with, "catalogue").change_lead_time;
    assert_eq!((lead.median.n, lead.no_data), (1, 0));
    assert!(lead.median.median.unwrap() > 3_600_000.0);
}
