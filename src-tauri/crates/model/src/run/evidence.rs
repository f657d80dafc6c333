//! What a run keeps of judged bakes, of triggers and of silences.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{IllegalTransition, Run, StepState};
use crate::{
    event::{Happened, Judged, RunEvent},
    measure::Bucket,
    plan::StepIndex,
    time::Timestamp,
};

/// One bucket that counts for a node, with the bake that it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The bake.
    pub step: StepIndex,
    /// What was measured.
    pub bucket: Arc<Bucket>,
}

/// What has become of a silence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SilenceState {
    /// Nobody has asked for it.
    #[default]
    Open,
    /// It is in force.
    Set {
        /// The alert source's id of it.
        id: String,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// It is over, or could not be set.
    Over,
}

impl Run {
    /// Whether a trigger has tripped, and has not been quiet since.
    pub fn has_tripped(&self, trigger: usize) -> bool {
        self.tripped.contains(&trigger)
    }

    /// Gives what has become of a silence of the plan.
    pub fn silence(&self, silence: usize) -> &SilenceState {
        self.silences.get(silence).unwrap_or(&SilenceState::Over)
    }

    pub(super) fn apply_evidence(&mut self, event: &RunEvent) -> Result<(), IllegalTransition> {
        match &event.what {
            Happened::BakeMeasured { place, bucket } => {
                let step = self.known_step(event, place)?;
                // Of several buckets that came at once the first may have ended the bake: those
                // behind it are evidence all the same.
                if let StepState::Watching(watch) = &mut self.steps[step.at()].state {
                    watch.measured = Some(bucket.until);
                    watch.buckets += 1;
                }
                let node = self.plan.steps[step.at()].node;
                self.nodes[node.at()].measured.push(Measured {
                    step,
                    bucket: Arc::new(bucket.clone()),
                });
            }
            Happened::BakeJudged(judged) => self.note_verdict(event, judged)?,
            Happened::EvidenceCarried(carried) => {
                let node = self.known_node(event, &carried.node)?;
                for one in &carried.buckets {
                    let Some(step) = self.graph.step(&one.step) else {
                        continue;
                    };
                    self.nodes[node.at()].measured.push(Measured {
                        step,
                        bucket: Arc::new(one.bucket.clone()),
                    });
                }
            }
            Happened::TriggerTripped(trip) => {
                self.tripped.insert(trip.trigger as usize);
            }
            Happened::TriggerCleared { trigger, .. } => {
                self.tripped.remove(&(*trigger as usize));
            }
            Happened::SilenceSet {
                silence, id, until, ..
            } => {
                let state = SilenceState::Set {
                    id: id.clone(),
                    until: *until,
                };
                self.set_silence(*silence, state);
            }
            Happened::SilenceEnded { silence, .. } => {
                self.set_silence(*silence, SilenceState::Over);
            }
            // The dispatcher sends nothing else here.
            _ => {}
        }
        Ok(())
    }

    fn note_verdict(&mut self, event: &RunEvent, judged: &Judged) -> Result<(), IllegalTransition> {
        let step = self.known_step(event, &judged.place)?;
        if let StepState::Watching(watch) = &mut self.steps[step.at()].state {
            watch.judged = Some(judged.standing);
        }
        let node = self.plan.steps[step.at()].node;
        self.nodes[node.at()].verdict = Some(Arc::new(judged.clone()));
        Ok(())
    }

    fn set_silence(&mut self, silence: u32, state: SilenceState) {
        if let Some(known) = self.silences.get_mut(silence as usize) {
            *known = state;
        }
    }
}
