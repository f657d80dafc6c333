//! A platform on which everything succeeds at once.

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use gantry_model::{
    operation::{Evidence, Operation, Sample, SampleHealth, Sighting},
    plan::Action,
    platform::Baseline,
};
use gantry_port::{fault::Fault, platform::Platform};

/// Succeeds at once at everything and remembers nothing but how often it was asked: what is left
/// is the cost of the engine and of its journal.
#[derive(Debug, Default)]
pub struct NoopPlatform {
    performed: AtomicU64,
}

impl NoopPlatform {
    /// Counts the operations that were performed.
    pub fn performed(&self) -> u64 {
        self.performed.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Platform for NoopPlatform {
    async fn perform(&self, operation: &Operation) -> Result<Evidence, Fault> {
        self.performed.fetch_add(1, Ordering::Relaxed);
        let preflight = operation
            .step()
            .is_some_and(|step| step.action == Action::Preflight);
        Ok(Evidence {
            baseline: preflight.then(Baseline::default),
            ..Evidence::default()
        })
    }

    async fn observe(&self, _: &Operation) -> Result<Sighting, Fault> {
        Ok(Sighting::NotApplied)
    }

    async fn sample(&self, _: &Operation) -> Result<Sample, Fault> {
        Ok(Sample {
            health: SampleHealth::Healthy,
            summary: String::new(),
            facts: Default::default(),
        })
    }
}
