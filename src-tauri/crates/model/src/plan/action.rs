//! What a step is towards the platform, asked in one place.

use super::Action;
use crate::unit::Weight;

/// What a step is towards the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// It looks or waits and changes nothing.
    Looks,
    /// It states what shall be, in one call or several, so that repeating it does no harm.
    States,
    /// It does something once; only the node can say that repeating it does no harm.
    Does,
}

impl Action {
    /// Says what it is towards the platform.
    pub fn nature(&self) -> Nature {
        match self {
            Self::Preflight
            | Self::Preview
            | Self::Bake { .. }
            | Self::Verify
            | Self::Soak { .. }
            | Self::VerifyData
            | Self::Compare { .. }
            | Self::Approve { .. } => Nature::Looks,
            Self::Stage { .. }
            | Self::StageBaseline { .. }
            | Self::Shift { .. }
            | Self::Batch { .. }
            | Self::StopOld
            | Self::StartNew { .. }
            | Self::Retire { .. }
            | Self::SetFlag { .. } => Nature::States,
            Self::Run
            | Self::Expand
            | Self::Backfill
            | Self::DualWrite
            | Self::ReadNew
            | Self::Contract => Nature::Does,
        }
    }

    /// Gives the share of traffic or of a flag that it commands; `None` where it commands none.
    pub fn commanded_share(&self) -> Option<Weight> {
        match self {
            Self::Shift { weight } | Self::SetFlag { weight } => Some(*weight),
            Self::Preflight
            | Self::Stage { .. }
            | Self::StageBaseline { .. }
            | Self::Preview
            | Self::Bake { .. }
            | Self::Batch { .. }
            | Self::StopOld
            | Self::StartNew { .. }
            | Self::Verify
            | Self::Soak { .. }
            | Self::Retire { .. }
            | Self::Run
            | Self::Expand
            | Self::Backfill
            | Self::VerifyData
            | Self::DualWrite
            | Self::Compare { .. }
            | Self::ReadNew
            | Self::Approve { .. }
            | Self::Contract => None,
        }
    }
}
