//! `send-notices`: delivering what waits while nobody drives a run.

use gantry_notify::storm::Haste;
use serde::Deserialize;

use super::notices::release;
use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    notices::{attend, sender::Round},
};

/// Puts in what time has made due (dates, votes, reminders) and delivers what waits.
#[derive(Clone, Debug, Deserialize)]
pub struct SendNotices {
    /// The release id; all releases where none is named.
    #[serde(default)]
    pub release: Option<String>,
}

impl Command for SendNotices {
    const NAME: &'static str = "send-notices";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Delivers messages that wait, and those that time has made due; for a timer, as cron is.";
    type Answer = Round;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Round, ApiError> {
        let named = self.release.as_deref().map(release).transpose()?;
        attend::once(app, named.as_ref(), Haste::Patient).await
    }
}
