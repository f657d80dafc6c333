//! What changed in a template, as a short unified diff.

use std::time::Duration;

use similar::TextDiff;

/// How many lines are shown.
const SHOWN: usize = 60;
/// How many characters of a line are shown.
const WIDTH: usize = 200;
/// How many lines stand around a change.
const AROUND: usize = 2;
/// After this long a coarser difference is good enough.
const PATIENCE: Duration = Duration::from_secs(2);

/// Compares the template that was pinned with the one that is there.
pub(super) fn between(name: &str, pinned: &str, found: &str) -> String {
    let lines = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(pinned, found);
    let (before, after) = (format!("{name} (pinned)"), format!("{name} (now)"));
    let text = lines
        .unified_diff()
        .context_radius(AROUND)
        .missing_newline_hint(false)
        .header(&before, &after)
        .to_string();
    let count = text.lines().count();
    let mut shown: Vec<String> = text.lines().take(SHOWN).map(plain).collect();
    if count > SHOWN {
        shown.push(format!("… and {} more lines", count - SHOWN));
    }
    shown.join("\n") + "\n"
}

/// Takes from a line what a terminal would obey, and its end where it is long.
fn plain(line: &str) -> String {
    let hidden = |letter: char| {
        // Signs that turn the direction of what follows are as misleading as control characters.
        letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let show = |letter: char| match hidden(letter) {
        true => letter.escape_unicode().to_string(),
        false => letter.to_string(),
    };
    let mut text: String = line.chars().take(WIDTH).map(show).collect();
    if line.chars().nth(WIDTH).is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn a_changed_line_is_shown_with_what_stands_around_it() {
        let before = "a\nb\nc\nd\ne\nf\n";
        let after = before.replace("d\n", "D\u{1b}[31m\u{202e}\n");
        assert_eq!(
            between("rules.yaml", before, &after),
            "--- rules.yaml (pinned)\n+++ rules.yaml (now)\n@@ -2,5 +2,5 @@\n b\n c\n-d\n\
             +D\\u{1b}[31m\\u{202e}\n e\n f\n"
        );
    }

    #[test]
    fn a_difference_without_end_is_cut() {
        let after: String = (0..500).map(|number| format!("{number}\n")).collect();
        let text = between("rules.yaml", "x\n", &after);
        assert_eq!(text.lines().count(), 61);
        assert!(text.ends_with("more lines\n"), "{text}");
        let wide = between("rules.yaml", "x\n", &"y".repeat(10_000));
        assert!(wide.len() < 1_000, "{}", wide.len());
    }
}
