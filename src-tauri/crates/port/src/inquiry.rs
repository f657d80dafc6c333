//! What an item of a checklist asks of a database or a CI system.

use async_trait::async_trait;
use gantry_model::{
    release::check::question::{CiQuestion, SqlQuestion},
    unit::Span,
};

use crate::{fault::Fault, probe::ProbeAnswer};

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// One value of a database.
    Sql(SqlQuestion),
    /// What became of a commit.
    Ci(CiQuestion),
}

/// Answers whether something is as a release file says it must be; reads only.
///
/// Guarantees: nothing is changed by a question, whatever stands in it.
/// A fault means that nobody knows: it is neither a yes nor a no.
#[async_trait]
pub trait Inquiry: Send + Sync {
    /// Answers a question within a time.
    async fn ask(&self, question: &Question, timeout: Span) -> Result<ProbeAnswer, Fault>;

    /// Reaches out without a question and says what answered.
    async fn greet(&self, timeout: Span) -> Result<String, Fault>;
}
