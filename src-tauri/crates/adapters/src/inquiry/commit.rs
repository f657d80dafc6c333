//! What became of the checks of a commit, whoever made them.

use std::collections::BTreeMap;

use gantry_model::release::check::question::CiQuestion;
use gantry_port::{fault::Fault, probe::ProbeAnswer};

/// How one check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// It succeeded, or it was found not to be needed.
    Passed,
    /// It has not ended.
    Running,
    /// It failed, or was stopped.
    Failed,
}

/// The checks of one commit by name; of two with one name the worse counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Checks(BTreeMap<String, State>);

impl Checks {
    /// Adds a check.
    pub(super) fn add(&mut self, name: &str, state: State) {
        let known = self.0.entry(name.to_owned()).or_insert(state);
        *known = state.max(*known);
    }

    /// Answers what was asked.
    ///
    /// # Errors
    /// Where nobody knows yet: a check that is missing or still runs is neither a yes nor a no.
    pub(super) fn answer(&self, asked: &CiQuestion) -> Result<ProbeAnswer, Fault> {
        let whose = format!("{} at {}", asked.repository, asked.commit);
        let wanted: Vec<&String> = match asked.checks.as_slice() {
            [] => self.0.keys().collect(),
            named => named.iter().collect(),
        };
        if wanted.is_empty() {
            return Err(Fault::refused(format!("{whose} has no checks")));
        }
        let of = |state| {
            let named = wanted
                .iter()
                .filter(move |name| self.0.get(**name) == state);
            named.map(|name| name.as_str()).collect::<Vec<_>>()
        };
        let failed = of(Some(&State::Failed));
        if !failed.is_empty() {
            return Ok(ProbeAnswer {
                healthy: false,
                detail: format!("{whose}: {} failed", failed.join(", ")),
            });
        }
        let (missing, running) = (of(None), of(Some(&State::Running)));
        match (missing.as_slice(), running.as_slice()) {
            ([], []) => Ok(ProbeAnswer {
                healthy: true,
                detail: format!("{whose}: {} checks succeeded", wanted.len()),
            }),
            ([], running) => Err(Fault::refused(format!(
                "{whose}: {} still to end",
                running.join(", ")
            ))),
            (missing, _) => Err(Fault::refused(format!(
                "{whose} has no check called {}",
                missing.join(", ")
            ))),
        }
    }
}
