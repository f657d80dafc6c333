//! What items ask in a simulated world: everything is as it must be.

use async_trait::async_trait;
use gantry_model::unit::Span;
use gantry_port::{
    fault::Fault,
    inquiry::{Inquiry, Question},
    probe::ProbeAnswer,
};

/// Knows no database and no commit, and has no reason to hold a rehearsal.
pub(crate) struct SimulatedInquiry;

#[async_trait]
impl Inquiry for SimulatedInquiry {
    async fn ask(&self, _: &Question, _: Span) -> Result<ProbeAnswer, Fault> {
        Ok(ProbeAnswer {
            healthy: true,
            detail: "simulated: as it must be".into(),
        })
    }

    async fn greet(&self, _: Span) -> Result<String, Fault> {
        Ok("simulated: nothing to reach".into())
    }
}
