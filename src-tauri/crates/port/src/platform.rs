//! The seam between the engine and the world.

use async_trait::async_trait;
use gantry_model::{
    id::{MetricName, RunId},
    measure::{Beside, Bucket},
    operation::{Evidence, Operation, Sample, SampleHealth, Sighting},
    plan::{Plan, PlannedTrigger},
    release::check::{Criterion, Silence},
    time::Timestamp,
};

use crate::{
    fault::{Fault, FaultKind},
    metrics::Grid,
};

/// What a look at a trigger saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Sight {
    /// Whether it is over its limit, or fires.
    pub state: SightState,
    /// The number, where there is one.
    pub value: Option<f64>,
    /// What was seen, in a sentence.
    pub summary: String,
}

/// Whether a trigger is over its limit, or fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SightState {
    /// It is not.
    Quiet,
    /// It is.
    Over,
    /// Nothing could be seen, which neither trips nor clears.
    Nothing,
}

impl Sight {
    /// Says that nothing could be seen.
    pub fn nothing(summary: impl Into<String>) -> Self {
        Self {
            state: SightState::Nothing,
            value: None,
            summary: summary.into(),
        }
    }
}

/// Performs, observes and samples one operation of a plan.
///
/// Flow: the engine journals its intent durably, then calls `perform` once for each key; after a
/// crash or a lost reply it calls `observe` before anything else; during bakes and soaks it calls
/// `sample` again and again. Preflights are performed too, change nothing and answer with a
/// [`gantry_model::platform::Baseline`].
///
/// Guarantees: performing the same key twice has the effect of once, where the adapter says so by
/// its capabilities; undoing what was never applied is fine.
///
/// Caveats: dropping the future of `perform` cancels waiting, not the effect.
#[async_trait]
pub trait Platform: Send + Sync {
    /// Does or undoes it, and waits for the outcome.
    async fn perform(&self, operation: &Operation) -> Result<Evidence, Fault>;

    /// Looks what became of it; reads only.
    async fn observe(&self, operation: &Operation) -> Result<Sighting, Fault>;

    /// Takes one look during a bake or soak; reads only.
    async fn sample(&self, operation: &Operation) -> Result<Sample, Fault>;

    /// Takes one look at a success criterion of a run; reads only. No data where this platform
    /// has no way to look: a person is asked then.
    async fn check(
        &self,
        _run: &RunId,
        _plan: &Plan,
        _criterion: &Criterion,
    ) -> Result<Sample, Fault> {
        Ok(Sample {
            health: SampleHealth::NoData,
            summary: "this platform cannot look at it".into(),
            facts: Default::default(),
        })
    }

    /// Measures closed buckets of a judged bake, oldest first; reads only. A source that keeps no
    /// history gives the last bucket of the grid alone.
    ///
    /// # Errors
    /// If a source of a metric that decides cannot be asked; nothing is then known of any bucket.
    async fn measure(
        &self,
        _operation: &Operation,
        _grid: Grid,
        _beside: Beside,
    ) -> Result<Vec<Bucket>, Fault> {
        Err(Fault::new(
            FaultKind::Unsupported,
            "this platform reads no metrics",
        ))
    }

    /// Reads the levels that the old version had in buckets before the release, of each judged
    /// metric that has a level; reads only.
    ///
    /// The judge learns from them how much a level jumps by itself. It can do without, so that what
    /// cannot be read is left out and is no fault.
    async fn recall(&self, _operation: &Operation, _grid: Grid) -> Vec<(MetricName, Vec<f64>)> {
        Vec::new()
    }

    /// Takes one look at what a trigger watches; reads only.
    async fn sight(&self, _run: &RunId, _plan: &Plan, _trigger: &PlannedTrigger) -> Sight {
        Sight::nothing("this platform cannot look at it")
    }

    /// Silences alerts until an instant, or finds the silence of this run that is in force, and
    /// gives its id.
    ///
    /// # Errors
    /// If the alert source cannot be asked or says no.
    async fn silence(
        &self,
        _run: &RunId,
        _silence: &Silence,
        _until: Timestamp,
    ) -> Result<String, Fault> {
        Err(Fault::new(
            FaultKind::Unsupported,
            "this platform silences no alerts",
        ))
    }

    /// Ends a silence; one that is over is fine.
    ///
    /// # Errors
    /// If the alert source cannot be asked.
    async fn unsilence(&self, _silence: &Silence, _id: &str) -> Result<(), Fault> {
        Err(Fault::new(
            FaultKind::Unsupported,
            "this platform silences no alerts",
        ))
    }

    /// Asks an operation that is under way to stop, because the direction turned; `perform` of it
    /// is still awaited by the caller until this returns. Afterwards it counts as touched.
    /// Answers a fault where nothing can be stopped: the operation is then awaited as usual.
    async fn cancel(&self, _operation: &Operation) -> Result<(), Fault> {
        Err(Fault::new(
            FaultKind::Unsupported,
            "this platform cannot stop what is under way",
        ))
    }
}
