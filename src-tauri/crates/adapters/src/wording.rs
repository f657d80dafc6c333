//! What strangers said, made fit for a sentence.

/// Makes what a stranger printed fit into a sentence: one line, not long, without control characters.
pub(crate) fn shown(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(200)
        .collect();
    line.trim().to_owned()
}
