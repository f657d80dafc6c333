//! `catalogue` and `put-service`: services, owners, dependencies, what runs where.

use gantry_model::id::ServiceName;
use gantry_port::catalogue::Service;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    catalogue::{self, known::ServiceRow},
    command::{Access, Command},
    error::ApiError,
    workspace,
};

/// Lists what the workspace knows of services.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Catalogue {}

/// All services.
#[derive(Clone, Debug, Serialize)]
pub struct Catalogued {
    /// By name.
    pub services: Vec<ServiceRow>,
}

impl Command for Catalogue {
    const NAME: &'static str = "catalogue";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Lists services with owner, dependencies, what runs where, history and quarantine.";
    type Answer = Catalogued;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Catalogued, ApiError> {
        let Some(journal) = app.journal_if_there()? else {
            return Ok(Catalogued {
                services: Vec::new(),
            });
        };
        let kept = catalogue::of(&*journal)?;
        let (rows, bad) = (kept.list_services().await?, kept.list_quarantined().await?);
        let services = catalogue::known::all(&*journal, rows, bad).await?;
        Ok(Catalogued { services })
    }
}

/// Keeps what people say of a service.
#[derive(Clone, Debug, Deserialize)]
pub struct PutService {
    /// Its name.
    pub name: ServiceName,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// What it is, in a word.
    #[serde(default)]
    pub kind: Option<String>,
    /// How much depends on it, 1 the most.
    #[serde(default)]
    pub tier: Option<u8>,
    /// The services that it calls.
    #[serde(default)]
    pub needs: Vec<ServiceName>,
    /// The row as the caller saw it; refused where it was changed since.
    #[serde(default)]
    pub row: Option<u64>,
}

/// A service that was kept.
#[derive(Clone, Debug, Serialize)]
pub struct PutAnswer {
    /// Its name.
    pub name: ServiceName,
    /// How often the row was changed.
    pub row: u64,
}

impl Command for PutService {
    const NAME: &'static str = "put-service";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Keeps who answers for a service, its tier and what it calls.";
    type Answer = PutAnswer;

    async fn execute(self, app: &App, caller: &Caller) -> Result<PutAnswer, ApiError> {
        let journal = app.journal()?;
        let kept = catalogue::of(&*journal)?;
        let written = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let service = Service {
            name: self.name.clone(),
            owner: written(self.owner),
            kind: written(self.kind),
            tier: self.tier,
            needs: self.needs,
        };
        let signature = workspace::signature(app, caller);
        let kept = kept.put_service(service, self.row, signature).await?;
        let kept = kept.ok_or_else(|| catalogue::stale(&format!("service {}", self.name)))?;
        Ok(PutAnswer {
            name: kept.row.name,
            row: kept.version,
        })
    }
}
