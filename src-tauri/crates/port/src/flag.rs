//! Feature flags.

use async_trait::async_trait;
use gantry_model::{platform::FlagState, release::node::Flag};

use crate::{fault::Fault, ports::Call};

/// Reads and sets feature flags. `set` states what shall be; repeating it does no harm.
#[async_trait]
pub trait Flags: Send + Sync {
    /// Reads the flag; `None` if it does not exist.
    async fn observe(&self, flag: &Flag) -> Result<Option<FlagState>, Fault>;

    /// Sets the flag, making it where it does not exist, and reads it back.
    async fn set(&self, call: &Call, flag: &Flag, state: FlagState) -> Result<FlagState, Fault>;
}
