//! Freezes: periods in which nothing goes forward. None of them is ever asked before a rollback.

use std::collections::BTreeSet;

use gantry_model::{
    id::{EnvironmentName, ServiceName},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Period, State},
    event::Scope,
};

/// A period in which nothing goes forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// When.
    pub period: Period,
    /// Where.
    #[serde(default)]
    pub scope: Scope,
    /// Who may go ahead nevertheless, with a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_override: Vec<String>,
}

impl Freeze {
    /// Whether it is for something that a release changes.
    pub fn concerns(
        &self,
        environment: &EnvironmentName,
        services: &BTreeSet<ServiceName>,
    ) -> bool {
        let Scope {
            environments,
            services: frozen,
        } = &self.scope;
        let here = environments.is_empty() || environments.contains(environment);
        let this = frozen.is_empty() || frozen.iter().any(|service| services.contains(service));
        here && this
    }

    /// Tells where an instant lies; a freeze whose period cannot be read holds, without an end.
    pub fn state(&self, now: Timestamp) -> State {
        let unreadable = State::Inside(Timestamp::MAX_UTC);
        self.period.state(now).unwrap_or(unreadable)
    }

    /// Gives the sentence of why it holds now, if it does.
    pub fn holds(&self, now: Timestamp) -> Option<String> {
        match self.state(now) {
            State::Inside(until) if until == Timestamp::MAX_UTC => Some(format!(
                "freeze {} has no end that can be read: {}",
                self.name, self.reason
            )),
            State::Inside(until) => {
                let zone = self.period.timezone;
                let until = until.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z");
                Some(format!(
                    "freeze {} lasts until {until}: {}",
                    self.name, self.reason
                ))
            }
            State::Outside(_) => None,
        }
    }
}
