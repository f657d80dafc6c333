//! `gantry insights [--days N] [--count-caught]`.

use gantry_api::{command::Command as _, commands::insights::ComputeInsights};
use gantry_model::unit::Span;
use gantry_report::insights::{Caught, Insights, Service};

use super::Door;
use crate::{
    arguments::InsightsArguments,
    error::Failure,
    text::{span, table},
};

pub(super) async fn run(door: &Door<'_>, typed: &InsightsArguments) -> Result<u8, Failure> {
    let insights = ComputeInsights {
        days: typed.days,
        caught: match typed.count_caught {
            true => Caught::AsFailure,
            false => Caught::Apart,
        },
    }
    .execute(&door.app, &door.caller)
    .await?;
    door.output.answer(&insights, draw);
    Ok(0)
}

fn draw(insights: &Insights) -> String {
    if insights.services.is_empty() {
        return "No deployment in this time.\n".to_owned();
    }
    let rows = insights.services.iter().map(row).collect::<Vec<_>>();
    let head = [
        "service",
        "environment",
        "lead time",
        "a week",
        "recovery",
        "fail rate",
        "rework",
        "caught",
    ];
    table::draw(head, rows)
}

fn row(service: &Service) -> [String; 8] {
    let lead = &service.change_lead_time;
    let recovery = &service.failed_deployment_recovery_time;
    [
        service.service.clone(),
        service.environment.clone(),
        format!(
            "{} (n {}, no data {})",
            median(lead.median.median),
            lead.median.n,
            lead.no_data
        ),
        service
            .deployment_frequency
            .weekly
            .rate
            .map_or_else(none, |rate| {
                format!("{rate:.2} (n {})", service.deployments)
            }),
        format!(
            "{} (n {}, open {})",
            median(recovery.median.median),
            recovery.median.n,
            recovery.censored
        ),
        share(&service.change_fail_rate),
        share(&service.deployment_rework_rate),
        service.caught_in_canary.to_string(),
    ]
}

fn median(millis: Option<f64>) -> String {
    millis.map_or_else(none, |millis| {
        span::words(Span::from_millis(millis.max(0.0) as u64))
    })
}

fn share(share: &gantry_report::insights::Share) -> String {
    match (share.share, share.interval) {
        (Some(value), Some((low, high))) => format!(
            "{:.0} % ({:.0}-{:.0}, n {})",
            value * 100.0,
            low * 100.0,
            high * 100.0,
            share.n
        ),
        (_, _) => none(),
    }
}

fn none() -> String {
    "no data".to_owned()
}
