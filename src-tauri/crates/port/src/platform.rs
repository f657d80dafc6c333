//! The seam between the engine and the world.

use async_trait::async_trait;
use gantry_model::{
    id::RunId,
    operation::{Evidence, Operation, Sample, SampleHealth, Sighting},
    plan::Plan,
    release::check::Criterion,
};

use crate::fault::{Fault, FaultKind};

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
