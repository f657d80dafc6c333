//! Time as an argument.

use async_trait::async_trait;
use gantry_model::{time::Timestamp, unit::Span};

/// Time, real or manual.
///
/// Guarantees: `elapsed` never goes back and goes on while the machine is awake; `now` may jump in
/// both directions. Whoever waits uses `wait`; whoever judges a deadline that must survive a
/// restart compares `now` with a journaled instant and `elapsed` with what remained.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Gives the wall clock, UTC, to the millisecond.
    fn now(&self) -> Timestamp;

    /// Gives the time since some fixed moment of this process.
    fn elapsed(&self) -> Span;

    /// Waits until `span` has elapsed.
    async fn wait(&self, span: Span);
}
