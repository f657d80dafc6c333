//! What goes wrong in the simulated world: which call, when, and how.

use gantry_model::{
    id::NodeId,
    operation::Direction,
    unit::{Span, Weight},
};

/// Everything that shall go wrong; nothing, where it is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultPlan {
    /// The rules; the first that matches a call decides.
    pub rules: Vec<FaultRule>,
}

/// One thing that goes wrong at certain calls.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultRule {
    /// The node; any where nothing is said.
    pub node: Option<NodeId>,
    /// The name of the step or undo action behind the slash; any where nothing is said.
    /// Reads belong to no step, so that a rule with a step meets changes only.
    pub step: Option<String>,
    /// The direction; both where nothing is said.
    pub direction: Option<Direction>,
    /// The port; any where nothing is said.
    pub port: Option<PortKind>,
    /// Whether only reads or only changes are met; both where nothing is said.
    pub access: Option<Access>,
    /// How many matching calls go well before.
    pub skip: u32,
    /// How many matching calls go wrong then.
    pub times: u32,
    /// How they go wrong.
    pub mode: FaultMode,
}

impl FaultRule {
    /// Builds a rule that meets every call of a node, from the first on.
    pub fn on(node: NodeId, mode: FaultMode) -> Self {
        Self {
            node: Some(node),
            step: None,
            direction: None,
            port: None,
            access: None,
            skip: 0,
            times: u32::MAX,
            mode,
        }
    }

    /// Narrows the rule to one step or undo action, by its name behind the slash.
    #[must_use]
    pub fn at_step(mut self, step: impl Into<String>) -> Self {
        self.step = Some(step.into());
        self
    }

    /// Narrows the rule to one direction.
    #[must_use]
    pub fn going(mut self, direction: Direction) -> Self {
        self.direction = Some(direction);
        self
    }

    /// Narrows the rule to reads or changes.
    #[must_use]
    pub fn meeting(mut self, access: Access) -> Self {
        self.access = Some(access);
        self
    }

    /// Narrows the rule to one port.
    #[must_use]
    pub fn through(mut self, port: PortKind) -> Self {
        self.port = Some(port);
        self
    }

    /// Lets `skip` matching calls go well and `times` go wrong after them.
    #[must_use]
    pub fn after(mut self, skip: u32, times: u32) -> Self {
        self.skip = skip;
        self.times = times;
        self
    }
}

/// The ports that a call can go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortKind {
    /// Workload platforms.
    Workload,
    /// Routers.
    Router,
    /// Programs and HTTP calls.
    Task,
    /// Health.
    Probe,
    /// Flag services.
    Flags,
    /// Databases.
    Database,
}

/// Whether a call reads or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// It only looks.
    Read,
    /// It changes something.
    Change,
}

/// How something goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultMode {
    /// The connection is refused: proven unsent.
    ConnectionRefused,
    /// The time is over before anything was sent, which the caller cannot know.
    TimeoutUnsent,
    /// It is done, and the answer never comes.
    ReplyLost,
    /// The connection is reset half-way; it may be done or not.
    Reset,
    /// A definite no, 400.
    Rejected,
    /// A definite no from now on, 401: the credentials have expired.
    CredentialsExpired,
    /// Too many requests, 429.
    RateLimited {
        /// What `Retry-After` says.
        after: Option<Span>,
    },
    /// Out of service for the moment, 503.
    Unavailable,
    /// It takes so many times as long.
    Slow {
        /// The factor.
        factor: f64,
    },
    /// The request is delivered twice.
    DeliveredTwice,
    /// The answer says that it is done, and nothing is.
    LyingSuccess,
    /// The answer says that it is done, and only so many instances are.
    PartialSuccess {
        /// How many.
        instances: u32,
    },
    /// What is read is how it was before the last change.
    StaleRead,
    /// What is read is how it was before the last change, for so long after it: the platform
    /// settles in its own time.
    LaggingRead {
        /// For how long.
        by: Span,
    },
    /// It is done, and the answer cannot be read.
    GarbledAnswer,
    /// It is done, and the answer is larger than anybody would read.
    EndlessAnswer,
    /// The health of the node's new version is good and bad by turns.
    FlappingHealth,
    /// The node's new version turns bad as soon as it has this share of the traffic: it fails its
    /// health check and answers half of its requests with 5xx.
    TurnsBad {
        /// The share.
        from: Weight,
    },
    /// The node's new version ends by itself as soon as it has this share.
    CrashLoop {
        /// The share.
        from: Weight,
    },
    /// The counters stand still, although traffic flows.
    NoData,
    /// A program ends with this status.
    ExitStatus {
        /// The status.
        status: i32,
    },
    /// A program's record is lost in a crash of the machine.
    Vanishes,
}

impl FaultMode {
    /// Whether a call of this kind can go wrong in this way.
    pub(crate) fn meets(&self, port: PortKind, access: Access) -> bool {
        match self {
            Self::ConnectionRefused
            | Self::TimeoutUnsent
            | Self::Reset
            | Self::Rejected
            | Self::CredentialsExpired
            | Self::RateLimited { .. }
            | Self::Unavailable
            | Self::Slow { .. }
            | Self::GarbledAnswer
            | Self::EndlessAnswer => port != PortKind::Probe,
            Self::ReplyLost | Self::DeliveredTwice | Self::LyingSuccess => access == Access::Change,
            Self::PartialSuccess { .. } => port == PortKind::Workload && access == Access::Change,
            Self::StaleRead | Self::LaggingRead { .. } => {
                access == Access::Read && port != PortKind::Probe
            }
            Self::NoData => access == Access::Read && port == PortKind::Router,
            Self::FlappingHealth => port == PortKind::Probe,
            Self::ExitStatus { .. } | Self::Vanishes => {
                port == PortKind::Task && access == Access::Change
            }
            // These are looked up when shares change, not when a call is made.
            Self::TurnsBad { .. } | Self::CrashLoop { .. } => false,
        }
    }
}
