//! What a command answers when it cannot do what it was asked.

use std::{fmt, sync::Arc};

use gantry_port::{fault::Fault, files::Unreadable, journal::StoreError};
use gantry_release_file::problem::Problems;
use serde::Serialize;

/// The codes of all errors; closed, stable, each with a page in `docs/errors/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The call itself is wrong.
    BadCall,
    /// A file cannot be read.
    FileUnreadable,
    /// A release file has problems.
    FileInvalid,
    /// The plan has findings that forbid a start.
    PlanUnsafe,
    /// Nobody confirmed what the release may reach.
    NotConfirmed,
    /// There is no such run.
    NoSuchRun,
    /// There is no such node, step or gate in the run.
    NoSuchPart,
    /// The last run of the release has not ended.
    Unfinished,
    /// Another run holds something that this one would change.
    Claimed,
    /// A checklist, a poll or a freeze says no.
    NotReady,
    /// A living process drives the run.
    Driven,
    /// The run is in a state that does not take this command.
    Refused,
    /// A connection cannot be reached or used.
    Unreachable,
    /// The journal is not whole.
    JournalBroken,
    /// A bundle is not as somebody packed and signed it.
    BundleBroken,
    /// The workspace file cannot be used.
    Workspace,
    /// Gantry made a mistake and stopped before it acted.
    Internal,
}

impl ErrorCode {
    /// All codes, for the docs and their test.
    pub const ALL: [Self; 17] = [
        Self::BadCall,
        Self::FileUnreadable,
        Self::FileInvalid,
        Self::PlanUnsafe,
        Self::NotConfirmed,
        Self::NoSuchRun,
        Self::NoSuchPart,
        Self::Unfinished,
        Self::Claimed,
        Self::NotReady,
        Self::Driven,
        Self::Refused,
        Self::Unreachable,
        Self::JournalBroken,
        Self::BundleBroken,
        Self::Workspace,
        Self::Internal,
    ];

    /// Gives the code as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadCall => "bad-call",
            Self::FileUnreadable => "file-unreadable",
            Self::FileInvalid => "file-invalid",
            Self::PlanUnsafe => "plan-unsafe",
            Self::NotConfirmed => "not-confirmed",
            Self::NoSuchRun => "no-such-run",
            Self::NoSuchPart => "no-such-part",
            Self::Unfinished => "unfinished",
            Self::Claimed => "claimed",
            Self::NotReady => "not-ready",
            Self::Driven => "driven",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::JournalBroken => "journal-broken",
            Self::BundleBroken => "bundle-broken",
            Self::Workspace => "workspace",
            Self::Internal => "internal",
        }
    }

    /// Gives the command line's exit status: 1 failed, 2 the input or the call is wrong, 5 only a
    /// claim or a person can move it.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::BadCall
            | Self::FileUnreadable
            | Self::FileInvalid
            | Self::PlanUnsafe
            | Self::NotConfirmed
            | Self::NoSuchRun
            | Self::NoSuchPart
            | Self::Unfinished
            | Self::Refused
            | Self::Workspace => 2,
            Self::Claimed | Self::NotReady | Self::Driven => 5,
            Self::Unreachable | Self::JournalBroken | Self::BundleBroken | Self::Internal => 1,
        }
    }
}

impl ErrorCode {
    /// Gives the status of an HTTP answer: 4xx where the caller can mend it, 5xx where not.
    pub fn http_status(self) -> u16 {
        match self {
            Self::BadCall => 400,
            Self::NoSuchRun | Self::NoSuchPart => 404,
            Self::NotConfirmed
            | Self::Unfinished
            | Self::Claimed
            | Self::NotReady
            | Self::Driven
            | Self::Refused => 409,
            Self::FileUnreadable | Self::FileInvalid | Self::PlanUnsafe | Self::BundleBroken => 422,
            Self::JournalBroken | Self::Workspace | Self::Internal => 500,
            Self::Unreachable => 502,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// An error as it travels to every door.
#[derive(Clone, Debug, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// The stable code.
    pub code: ErrorCode,
    /// One sentence: what is wrong, and where.
    pub message: String,
    /// One sentence: what to do.
    pub hint: String,
    /// The causes, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<String>,
    /// The single problems of a file, as JSON, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<serde_json::Value>,
    /// The same problems, for a door that shows them underlined.
    #[serde(skip)]
    pub shown: Option<Arc<Problems>>,
}

impl ApiError {
    /// Builds an error from its code, its sentence and what to do.
    pub fn new(code: ErrorCode, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: hint.into(),
            chain: Vec::new(),
            problems: Vec::new(),
            shown: None,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let (code, hint) = match &error {
            StoreError::Fenced { .. } => {
                (ErrorCode::Driven, "follow it with `gantry status --watch`")
            }
            StoreError::Driven { .. } => (
                ErrorCode::Driven,
                "steer it from here with hold, abort or rollback",
            ),
            StoreError::Stale { .. } => (ErrorCode::Driven, "ask again"),
            StoreError::Unfinished { .. } => (
                ErrorCode::Unfinished,
                "`gantry resume` or `gantry rollback` it first",
            ),
            StoreError::Claimed { .. } => (ErrorCode::Claimed, "wait until that run has ended"),
            StoreError::NoSuchRun(_) => (ErrorCode::NoSuchRun, "`gantry list` shows all runs"),
            StoreError::Storage(_) => (
                ErrorCode::Workspace,
                "name another file with --db, or restore it from a copy",
            ),
        };
        Self::new(code, error.to_string(), hint)
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        Self::new(
            ErrorCode::Unreachable,
            fault.message,
            "`gantry doctor FILE` shows what can be reached",
        )
    }
}

impl From<Unreadable> for ApiError {
    fn from(unreadable: Unreadable) -> Self {
        Self::new(
            ErrorCode::FileUnreadable,
            unreadable.to_string(),
            "check the name and the permissions",
        )
    }
}

impl From<Problems> for ApiError {
    fn from(problems: Problems) -> Self {
        let count = problems.told().len();
        let noun = if count == 1 { "problem" } else { "problems" };
        Self {
            problems: problems
                .told()
                .iter()
                .filter_map(|p| serde_json::to_value(p).ok())
                .collect(),
            ..Self::new(
                ErrorCode::FileInvalid,
                format!("{count} {noun} in the release file"),
                "nothing was changed",
            )
        }
        .showing(problems)
    }
}

impl ApiError {
    fn showing(self, problems: Problems) -> Self {
        Self {
            shown: Some(Arc::new(problems)),
            ..self
        }
    }
}
