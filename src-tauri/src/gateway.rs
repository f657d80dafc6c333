//! What the page may ask for.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

/// A plan larger than this is no plan of a release file within its bounds.
const LARGEST_PLAN: u64 = 256 * 1024 * 1024;

/// Answers the calls of the page.
#[derive(Debug)]
pub(crate) struct Gateway {
    plan: Option<PathBuf>,
}

/// Why a call has no answer, as the page shows it.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Problem {
    message: String,
    hint: &'static str,
}

const USAGE: &str = "Write a plan with `gantry plan FILE --json > plan.json`, \
                     then start `gantry-desktop plan.json`.";

impl Gateway {
    /// Answers with the plan in this file.
    pub(crate) const fn new(plan: Option<PathBuf>) -> Self {
        Self { plan }
    }

    /// Answers one call by its name.
    pub(crate) fn call(&self, name: &str) -> Result<Value, Problem> {
        match (name, &self.plan) {
            ("plan", Some(path)) => read(path),
            ("plan", None) => Err(problem("There is no plan to show.".to_owned())),
            (other, _) => Err(problem(format!("There is no command `{other}`."))),
        }
    }
}

fn read(path: &Path) -> Result<Value, Problem> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .map_err(|error| problem(format!("{shown}: {error}")))?
        .len();
    if size > LARGEST_PLAN {
        return Err(problem(format!("{shown} is too large to be a plan.")));
    }
    let text =
        std::fs::read_to_string(path).map_err(|error| problem(format!("{shown}: {error}")))?;
    serde_json::from_str(&text).map_err(|error| problem(format!("{shown} is no plan: {error}")))
}

const fn problem(message: String) -> Problem {
    Problem {
        message,
        hint: USAGE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_commands_are_answered() {
        let problem = Gateway::new(None).call("delete-everything").unwrap_err();
        assert_eq!(problem.message, "There is no command `delete-everything`.");
    }

    #[test]
    fn a_missing_file_is_a_problem_with_a_hint() {
        let gateway = Gateway::new(Some(PathBuf::from("no/such/plan.json")));
        let problem = gateway.call("plan").unwrap_err();
        assert!(problem.message.starts_with("no/such/plan.json: "));
        assert_eq!(problem.hint, USAGE);
    }
}
