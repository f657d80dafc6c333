//! `acknowledge`: saying that a message was read.

use gantry_port::outbox::ParcelState;
use serde::{Deserialize, Serialize};

use super::notices::release;
use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
};

/// Notes that the caller read messages of a release.
#[derive(Clone, Debug, Deserialize)]
pub struct Acknowledge {
    /// The release id.
    pub release: String,
    /// One message, by its number in the ledger; all that were delivered where none is named.
    #[serde(default)]
    pub notice: Option<u64>,
}

/// What was noted.
#[derive(Clone, Debug, Serialize)]
pub struct Noted {
    /// How many messages are acknowledged now that were not before.
    pub acknowledged: u32,
}

impl Command for Acknowledge {
    const NAME: &'static str = "acknowledge";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Notes in the ledger that the caller read messages of a release.";
    type Answer = Noted;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Noted, ApiError> {
        let journal = app.journal()?;
        let release = release(&self.release)?;
        let outbox = journal.outbox().ok_or_else(|| none(&self))?;
        let parcels = outbox.parcels(&release).await?;
        let meant = |id: u64| self.notice.is_none_or(|notice| notice == id);
        let delivered = parcels
            .iter()
            .filter(|parcel| parcel.state == ParcelState::Delivered && meant(parcel.id));
        let mut found = false;
        let mut acknowledged = 0;
        for parcel in delivered {
            found = true;
            let now = app.clock.now();
            let noted = outbox.acknowledge(parcel.id, &caller.name, now).await?;
            acknowledged += u32::from(noted && parcel.acknowledged.is_none());
        }
        if !found && self.notice.is_some() {
            return Err(none(&self));
        }
        Ok(Noted { acknowledged })
    }
}

fn none(asked: &Acknowledge) -> ApiError {
    let number = asked.notice.map_or_else(String::new, |id| format!(" {id}"));
    ApiError::new(
        ErrorCode::NoSuchPart,
        format!("no delivered message{number} of {}", asked.release),
        format!("`gantry notices {}` lists them", asked.release),
    )
}
