//! From a query in a release file to what CloudWatch is asked.

use std::collections::BTreeMap;

use gantry_port::{fault::Fault, metrics::Question};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::metrics::fill::{self, Placed};

/// A metric by its name, as a release file has it in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    namespace: String,
    metric: String,
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
    stat: String,
}

/// Builds the query: a metric by its name where the text is a JSON object, else an expression.
///
/// # Errors
/// Refused for a place without a value, a value that could change an expression, and JSON of
/// another shape.
pub(super) fn query(question: &Question, length: i64) -> Result<Value, Fault> {
    let template = question.template.trim();
    if !template.starts_with('{') {
        let expression = fill::fill(question, &length.to_string(), word)?;
        return Ok(json!({ "Id": "gantry", "Expression": expression, "Period": length }));
    }
    let named: Named = serde_json::from_str(template).map_err(|error| {
        Fault::refused(format!(
            "`{template}` names no metric of CloudWatch: {error}; expected namespace, metric, dimensions and stat"
        ))
    })?;
    // What stands in a string of its own needs no quoting.
    let interval = length.to_string();
    let filled = |text: &str| {
        fill::fill_text(text, question, &interval, |placed| {
            Ok(placed.value.to_owned())
        })
    };
    let dimensions = named.dimensions.iter().map(|(name, value)| {
        let value = filled(value)?;
        Ok(json!({ "Name": name, "Value": value }))
    });
    let dimensions = dimensions.collect::<Result<Vec<_>, Fault>>()?;
    let metric = json!({
        "Namespace": filled(&named.namespace)?,
        "MetricName": filled(&named.metric)?,
        "Dimensions": dimensions,
    });
    let stat = json!({ "Metric": metric, "Period": length, "Stat": named.stat });
    Ok(json!({ "Id": "gantry", "MetricStat": stat }))
}

/// Expressions nest quotes in quotes; what has no quotes and no spaces needs none.
fn word(placed: Placed<'_>) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._:/+@-".contains(c);
    let value = placed.value;
    value
        .chars()
        .all(fits)
        .then(|| value.to_owned())
        .ok_or_else(|| format!("is `{value}`, which cannot stand in an expression"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(template: &str, version: &str) -> Result<Value, Fault> {
        let question = Question {
            template: template.to_owned(),
            values: [("version".to_owned(), version.to_owned())].into(),
        };
        query(&question, 60)
    }

    const NAMED: &str = r#"{"namespace": "Shop", "metric": "errors", "dimensions": {"version": "v{{version}}"}, "stat": "Sum"}"#;

    #[test]
    fn a_metric_by_its_name_takes_any_value_as_a_value() {
        let asked = asked(NAMED, "1\", \"x\": \"").unwrap();
        let metric = &asked["MetricStat"]["Metric"];
        assert_eq!(metric["Dimensions"][0]["Value"], "v1\", \"x\": \"");
        assert_eq!(asked["MetricStat"]["Period"], 60);
    }

    #[test]
    fn an_expression_takes_words_alone() {
        let template = "SELECT SUM(errors) FROM Shop WHERE version = '{{version}}'";
        let expression = asked(template, "2.4.0").unwrap();
        let expected = "SELECT SUM(errors) FROM Shop WHERE version = '2.4.0'";
        assert_eq!(expression["Expression"], expected);
        assert!(asked(template, "' OR '1' = '1").is_err());
    }

    #[test]
    fn json_of_another_shape_is_refused() {
        assert!(asked(r#"{"namespace": "Shop"}"#, "1").is_err());
        assert!(asked("{", "1").is_err());
    }
}
