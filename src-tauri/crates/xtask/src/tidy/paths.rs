//! Paths that exist on one machine only.

use super::finding::Finding;
use super::source::Source;

/// Folders that are somebody's own; written in halves, or this file would find itself.
const PRIVATE: [&str; 4] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
];

/// Finds private folders in any text.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        for (number, line) in source.text.lines().enumerate() {
            if let Some(folder) = PRIVATE.iter().find(|folder| holds(line, folder)) {
                let place = format!("{}:{}", source.path, number + 1);
                let message = format!("`{folder}` is a folder of one machine");
                findings.push(Finding::error(place, message));
            }
        }
    }
    findings
}

/// The folder of a user who does not exist, which tests may name.
const NOBODY: &str = concat!("/ho", "me/nobody");

/// Tells a path that begins with the folder from one that merely passes a folder of that name.
fn holds(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(start, _)| {
        let rest = line.get(start..).unwrap_or_default();
        let before = line.get(..start).and_then(|text| text.chars().last());
        !rest.starts_with(NOBODY)
            && !before
                .is_some_and(|letter| letter.is_alphanumeric() || "._-}*~$<>)".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_from_the_top_counts() {
        let home = PRIVATE[1];
        assert!(holds(&format!("see {home}anna/file"), home));
        assert!(!holds(&format!("https://example.com{home}page"), home));
        assert!(!holds(&format!("target{home}file"), home));
        assert!(!holds(NOBODY, home));
    }
}
