//! What the core must not reach for: time, chance, environment, files, network, processes.
//!
//! All of it comes in through ports, so that a rehearsal and a test run the very code that a
//! release does.

use super::finding::Finding;
use super::source::Source;

/// The crates that hold what is decided, apart from what is done.
const CORE: [&str; 7] = [
    "model",
    "planner",
    "release-file",
    "import",
    "engine",
    "performer",
    "simulation",
];

/// What is reached for, and where it comes from instead.
const OUTSIDE: [(&str, &str); 12] = [
    ("SystemTime::now", "the clock port"),
    ("Instant::now", "the clock port"),
    ("Utc::now", "the clock port"),
    ("Local::now", "the clock port"),
    ("tokio::time::sleep", "the clock port"),
    ("thread::sleep", "the clock port"),
    ("Uuid::now_v7", "an injected generator"),
    ("Uuid::new_v4", "an injected generator"),
    ("env::var", "settings"),
    ("std::fs", "the files port"),
    ("std::net", "an adapter"),
    ("process::Command", "an adapter"),
];

/// Finds the outside world in the sources of the core; its tests may look at files.
pub(super) fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| is_core(source)) {
        for (number, line) in source.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for (name, instead) in OUTSIDE {
                if code.contains(name) {
                    let place = format!("{}:{}", source.path, number + 1);
                    let message = format!("the core has no `{name}`: it comes from {instead}");
                    findings.push(Finding::error(place, message));
                }
            }
        }
    }
    findings
}

fn is_core(source: &Source) -> bool {
    let Some(rest) = source.path.strip_prefix("src-tauri/crates/") else {
        return false;
    };
    let mut folders = rest.split('/');
    let name = folders.next().unwrap_or_default();
    source.is_rust() && CORE.contains(&name) && folders.next() == Some("src")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> usize {
        let source = Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        check(&[source]).len()
    }

    #[test]
    fn the_core_has_no_clock() {
        let code = "let now = Instant::now();\n";
        assert_eq!(findings("src-tauri/crates/engine/src/a.rs", code), 1);
        assert_eq!(findings("src-tauri/crates/boot/src/clock.rs", code), 0);
        assert_eq!(findings("src-tauri/crates/engine/tests/it/a.rs", code), 0);
        assert_eq!(
            findings("src-tauri/crates/engine/src/b.rs", "// Instant::now\n"),
            0
        );
    }
}
