//! Findings for people.

use gantry_model::plan::{Finding, Severity};

use super::plan::{BAD, BOLD, FAINT, WARN};

/// Draws findings, the worst first.
pub(crate) fn draw(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let (unknown, mut sorted): (Vec<&Finding>, Vec<&Finding>) = findings
        .iter()
        .partition(|finding| finding.code == "no-estimate");
    sorted.sort_by_key(|finding| finding.severity);
    let lines = sorted.into_iter().map(|finding| {
        let (style, word) = match finding.severity {
            Severity::Error => (BAD, "error"),
            Severity::Warning => (WARN, "warning"),
            Severity::Note => (FAINT, "note"),
        };
        let node = finding
            .node
            .as_ref()
            .filter(|node| !finding.message.contains(&format!("`{node}`")))
            .map(|node| format!("{node}: "))
            .unwrap_or_default();
        format!(
            "  {style}{word}{style:#}[{}] {node}{}\n      {}\n",
            finding.code, finding.message, finding.hint
        )
    });
    format!(
        "{BOLD}Findings{BOLD:#}\n{}{}",
        lines.collect::<String>(),
        without_estimate(&unknown)
    )
}

/// Says once for all nodes what would be the same sentence for each of them.
fn without_estimate(findings: &[&Finding]) -> String {
    let names: Vec<&str> = findings
        .iter()
        .filter_map(|finding| Some(finding.node.as_ref()?.as_str()))
        .collect();
    let named = match names.as_slice() {
        [] => return String::new(),
        [one] => (*one).to_owned(),
        names if names.len() <= 6 => names.join(", "),
        names => format!("{} nodes", names.len()),
    };
    format!(
        "  {FAINT}note{FAINT:#}[no-estimate] nobody said how long it takes: {named}\n      \
         add `estimate`; until then only bakes and soaks are counted\n"
    )
}
