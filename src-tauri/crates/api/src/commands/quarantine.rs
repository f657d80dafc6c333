//! `quarantine`: versions that must not be brought out.

use gantry_model::id::{ReleaseId, ServiceName, Version};
use gantry_port::catalogue::{LetThrough, Quarantined};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    catalogue,
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    workspace,
};

/// Puts a version into quarantine, takes it out, or lets one release bring it out all the same.
#[derive(Clone, Debug, Deserialize)]
pub struct Quarantine {
    /// Whose version.
    pub service: ServiceName,
    /// Which version.
    pub version: Version,
    /// Why.
    pub reason: String,
    /// What is done; puts it in where nothing is said.
    #[serde(default, rename = "do")]
    pub what: Turn,
    /// The release that is let through.
    #[serde(default)]
    pub release: Option<ReleaseId>,
}

/// What is done about a version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// It goes into quarantine.
    #[default]
    Add,
    /// It comes out.
    Lift,
    /// One release may bring it out all the same.
    LetThrough,
}

/// What was done.
#[derive(Clone, Debug, Serialize)]
pub struct Turned {
    /// Whose version.
    pub service: ServiceName,
    /// Which version.
    pub version: Version,
    /// In a sentence.
    pub message: String,
}

impl Command for Quarantine {
    const NAME: &'static str = "quarantine";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Puts a version into quarantine, takes it out, or lets one release through, with a reason.";
    type Answer = Turned;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Turned, ApiError> {
        catalogue::reason(&self.reason)?;
        let journal = app.journal()?;
        let kept = catalogue::of(&*journal)?;
        let signature = workspace::signature(app, caller);
        let version = Quarantined {
            service: self.service.clone(),
            version: self.version.clone(),
            reason: self.reason.clone(),
            by: caller.name.clone(),
            at: app.clock.now(),
        };
        let message = match self.what {
            Turn::Add => {
                kept.quarantine(version).await?;
                "is in quarantine".to_owned()
            }
            Turn::Lift => {
                let (service, version) = (&self.service, &self.version);
                if !kept.lift_quarantine(service, version, signature).await? {
                    return Err(self.not_there());
                }
                "is out of quarantine".to_owned()
            }
            Turn::LetThrough => {
                let bad = kept.list_quarantined().await?;
                if !bad
                    .iter()
                    .any(|bad| bad.service == self.service && bad.version == self.version)
                {
                    return Err(self.not_there());
                }
                let release = self.release.clone().ok_or_else(|| {
                    let hint = "name the release that may bring it out";
                    ApiError::new(ErrorCode::BadCall, "no release is named", hint)
                })?;
                let message = format!("stays in quarantine, and {release} may bring it out");
                kept.let_through(LetThrough { release, version }).await?;
                message
            }
        };
        Ok(Turned {
            message: format!("{} {} {message}", self.service, self.version),
            service: self.service,
            version: self.version,
        })
    }
}

impl Quarantine {
    fn not_there(&self) -> ApiError {
        ApiError::new(
            ErrorCode::NoSuchPart,
            format!("{} {} is not in quarantine", self.service, self.version),
            "`gantry catalogue` lists what is",
        )
    }
}
