//! `vote`: the word of a position, a new round of a poll, or an override of it.

use gantry_readiness::request::Request;
use serde::Deserialize;

use super::checklist::{self, Prepared};
use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    readiness::desk::Desk,
};

/// Votes in the poll of a release.
#[derive(Clone, Debug, Deserialize)]
pub struct CastVote {
    /// A release id, or its file.
    pub release: String,
    /// A vote, a new round, or an override.
    #[serde(flatten)]
    pub request: Request,
}

impl Command for CastVote {
    const NAME: &'static str = "vote";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Votes go, no-go or go with a condition for a position of a release's poll.";
    type Answer = Prepared;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Prepared, ApiError> {
        match &self.request {
            Request::Vote { .. } | Request::Recycle { .. } | Request::Override { .. } => {}
            Request::Present { .. }
            | Request::ConfirmReach { .. }
            | Request::Answer { .. }
            | Request::Assign { .. }
            | Request::Claim { .. }
            | Request::Link { .. }
            | Request::Waive { .. }
            | Request::ApproveWaiver { .. }
            | Request::Correct { .. }
            | Request::OverrideFreeze { .. } => {
                let message = "this is no vote";
                return Err(ApiError::new(
                    ErrorCode::BadCall,
                    message,
                    "see docs/go-no-go.md",
                ));
            }
        }
        let desk = Desk::open(app, caller)?;
        let (release, writer) = checklist::open(app, &desk, &self.release).await?;
        let writer = match writer {
            Some(writer) => writer,
            None => desk.writer().await?,
        };
        desk.ask(&release, &writer, &self.request).await?;
        checklist::show(app, &desk, &release, Some(writer)).await
    }
}
