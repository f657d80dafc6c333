//! A forecast for people.

use gantry_api::commands::plan::{Expected, Forecast, Waits};
use gantry_model::unit::Span;

use super::{
    plan::{BOLD, counted},
    span,
};

/// How many nodes are named that decide when the end is.
const NAMED: usize = 4;

/// Draws how long a release will take.
pub(crate) fn draw(forecast: &Forecast) -> String {
    match forecast {
        Forecast::NotEnoughHistory { runs, needs } => {
            let known = match runs {
                0 => "no run like this is known".to_owned(),
                1 => "1 run like this is known".to_owned(),
                more => format!("{more} runs like this are known"),
            };
            format!("{BOLD}Forecast{BOLD:#}  not enough history: {known}, {needs} are needed\n")
        }
        Forecast::Expected(expected) => format!(
            "{BOLD}Forecast{BOLD:#}  about {}; 8 of 10 times within {}, 9 of 10 within {}\n{}",
            words(expected.p50_ms),
            words(expected.p80_ms),
            words(expected.p90_ms),
            details(expected)
        ),
    }
}

fn details(expected: &Expected) -> String {
    let mut lines = vec![format!(
        "from {} like this, {} of which went through; times are without waiting for people",
        counted(expected.runs, "run", "runs"),
        expected.went_through
    )];
    let decisive: Vec<String> = expected
        .critical
        .iter()
        .take(NAMED)
        .map(|node| format!("{} {:.0} %", node.node, 100.0 * node.share))
        .collect();
    if !decisive.is_empty() {
        lines.push(format!("decided by {}", decisive.join(", ")));
    }
    if let Some(window) = &expected.window {
        lines.push(format!(
            "ends before the window closes ({}) in {:.0} % of cases",
            window.closes.format("%Y-%m-%d %H:%M:%SZ"),
            (100.0 * window.chance).floor()
        ));
    }
    lines.extend(expected.people.iter().map(people));
    if !expected.unmeasured.is_empty() {
        let nodes: Vec<&str> = expected
            .unmeasured
            .iter()
            .map(gantry_model::id::NodeId::as_str)
            .collect();
        lines.push(format!("never measured: {}", nodes.join(", ")));
    }
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

fn people(waits: &Waits) -> String {
    match (waits.p50_ms, waits.p80_ms) {
        (Some(p50), Some(p80)) => format!(
            "{} usually takes {} to answer, 8 of 10 times at most {} ({} known)",
            waits.whom,
            words(p50),
            words(p80),
            waits.seen
        ),
        (_, _) => format!(
            "{} has to answer; nobody knows how long that takes",
            waits.whom
        ),
    }
}

fn words(millis: u64) -> String {
    span::words(Span::from_millis(millis))
}
