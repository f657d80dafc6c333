//! What is known of the success criteria.

use serde::{Deserialize, Serialize};

use super::{IllegalTransition, Run};
use crate::{
    event::{HoldReason, RunEvent},
    release::check::Criterion,
};

/// What is known of one success criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CriterionState {
    /// Nobody has looked yet.
    Open,
    /// It did not hold at the last look, or could not be looked at.
    Unmet {
        /// What was seen, or why nothing was.
        message: String,
    },
    /// It holds, or a person accepted it.
    Met {
        /// The person, if it was one.
        by: Option<String>,
    },
}

impl CriterionState {
    pub(super) fn met(by: Option<&str>) -> Self {
        Self::Met {
            by: by.map(str::to_owned),
        }
    }

    pub(super) fn unmet(message: &str) -> Self {
        Self::Unmet {
            message: message.to_owned(),
        }
    }

    /// Whether nothing has to be asked any more.
    pub fn is_met(&self) -> bool {
        match self {
            Self::Met { .. } => true,
            Self::Open | Self::Unmet { .. } => false,
        }
    }
}

impl Run {
    /// Walks the success criteria with what is known of each.
    pub fn criteria(&self) -> impl ExactSizeIterator<Item = (&Criterion, &CriterionState)> {
        self.plan.success.iter().zip(&self.criteria)
    }

    /// Takes in what became of a criterion; the last one that is met lifts the hold for them all.
    /// Criteria that share an id share what is known of them.
    pub(super) fn judge_criterion(
        &mut self,
        event: &RunEvent,
        id: &str,
        state: CriterionState,
    ) -> Result<(), IllegalTransition> {
        let all = self.plan.success.iter().zip(&mut self.criteria);
        let mut known = all.filter(|(criterion, _)| criterion.id == id).peekable();
        if known.peek().is_none() {
            return Err(IllegalTransition::Unheard {
                seq: event.seq,
                what: format!("success criterion {id}"),
            });
        }
        known.for_each(|(_, known)| known.clone_from(&state));
        if self.criteria.iter().all(CriterionState::is_met) {
            self.holds
                .retain(|hold| hold.reason != HoldReason::Criterion);
        }
        Ok(())
    }
}
