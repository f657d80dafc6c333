//! What CloudWatch answers.

use std::collections::BTreeMap;

use gantry_port::fault::Fault;
use serde::Deserialize;

use crate::wording::shown;

/// The points of one series: milliseconds since 1970 at which a bucket begins, and its number.
pub(super) type Samples = Vec<(i64, f64)>;

/// One page of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answer {
    metric_data_results: Vec<Outcome>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outcome {
    #[serde(default)]
    label: String,
    status_code: String,
    #[serde(default)]
    timestamps: Vec<f64>,
    #[serde(default)]
    values: Vec<f64>,
}

impl Answer {
    /// Adds the points of this page to their series and gives the token of the next page.
    ///
    /// # Errors
    /// Lost for an answer that has gaps without saying where; refused for one that is a no.
    pub(super) fn collect(
        self,
        series: &mut BTreeMap<String, Samples>,
        whom: &str,
    ) -> Result<Option<String>, Fault> {
        let next = self.next_token.filter(|token| !token.is_empty());
        for outcome in self.metric_data_results {
            match (outcome.status_code.as_str(), &next) {
                ("Complete", _) | ("PartialData", Some(_)) => {}
                ("PartialData", None) | ("InternalError", _) => {
                    let status = &outcome.status_code;
                    return Err(Fault::lost(format!("{whom} answered {status}")));
                }
                (status, _) => {
                    let status = shown(status);
                    return Err(Fault::refused(format!("{whom} answered {status}")));
                }
            }
            if outcome.timestamps.len() != outcome.values.len() {
                return Err(Fault::refused(format!(
                    "{whom} answered {} times for {} numbers",
                    outcome.timestamps.len(),
                    outcome.values.len()
                )));
            }
            let times = outcome.timestamps.iter();
            let times = times.map(|seconds| (seconds * 1000.0).round() as i64);
            series
                .entry(outcome.label)
                .or_default()
                .extend(times.zip(outcome.values));
        }
        Ok(next)
    }
}
