//! `connections-list`, `put-connection` and `remove-connection`: where things are, kept in the workspace.

use gantry_model::{
    id::{ConnectionName, ReleaseId},
    release::connection::Connection,
};
use gantry_port::catalogue::Kept;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    app::{App, Caller},
    catalogue::{self, secrecy},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    load, reach, workspace,
};

/// Lists the connections of the workspace.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct ListConnections {}

/// A connection of the workspace.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectionRow {
    /// Its name.
    pub name: ConnectionName,
    /// Its product.
    pub product: &'static str,
    /// What a release file would say under the product's name.
    pub settings: Value,
    /// The secrets that it names.
    pub secrets: Vec<SecretRow>,
    /// Releases that were opened here and have a connection of this name.
    pub used_by: Vec<ReleaseId>,
    /// How often it was changed.
    pub row: u64,
}

/// A secret that a connection names.
#[derive(Clone, Debug, Serialize)]
pub struct SecretRow {
    /// Its name.
    pub name: String,
    /// Whether it is set on this machine.
    pub known: bool,
}

impl Command for ListConnections {
    const NAME: &'static str = "connections-list";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Lists the connections of the workspace; secrets by name alone.";
    type Answer = Vec<ConnectionRow>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<ConnectionRow>, ApiError> {
        let Some(journal) = app.journal_if_there()? else {
            return Ok(Vec::new());
        };
        let kept = catalogue::of(&*journal)?.list_connections().await?;
        let used = if kept.is_empty() {
            Vec::new()
        } else {
            used(app).await
        };
        let mut rows = Vec::with_capacity(kept.len());
        for kept in kept {
            rows.push(row(app, kept, &used).await);
        }
        Ok(rows)
    }
}

/// Reads which names the opened releases use; a file that cannot be read uses none.
async fn used(app: &App) -> Vec<(ReleaseId, Vec<ConnectionName>)> {
    let mut used = Vec::new();
    for known in workspace::all(app).await.unwrap_or_default() {
        if let Ok(loaded) = load::load(app, std::path::Path::new(&known.file)).await {
            let names = loaded.document.release.connections.keys();
            used.push((known.release, names.cloned().collect()));
        }
    }
    used
}

async fn row(
    app: &App,
    kept: Kept<(ConnectionName, Connection)>,
    used: &[(ReleaseId, Vec<ConnectionName>)],
) -> ConnectionRow {
    let (name, connection) = kept.row;
    let mut secrets: Vec<SecretRow> = Vec::new();
    for text in reach::texts(&connection) {
        for secret in text.names() {
            if secrets.iter().all(|known| known.name != secret.as_str()) {
                secrets.push(SecretRow {
                    name: secret.to_string(),
                    known: app.connector.knows_secret(secret).await,
                });
            }
        }
    }
    let uses = used.iter().filter(|(_, names)| names.contains(&name));
    ConnectionRow {
        product: connection.product(),
        settings: settings(&connection),
        secrets,
        used_by: uses.map(|(release, _)| release.clone()).collect(),
        row: kept.version,
        name,
    }
}

fn settings(connection: &Connection) -> Value {
    let written = serde_json::to_value(connection).unwrap_or_default();
    let inside = written.get(connection.product()).cloned();
    inside.unwrap_or(written)
}

/// Keeps a connection in the workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct PutConnection {
    /// Its name.
    pub name: ConnectionName,
    /// What a release file would say of it, for example `{"docker": {}}`.
    pub connection: Value,
    /// The row as the caller saw it; refused where it was changed since.
    #[serde(default)]
    pub row: Option<u64>,
}

impl Command for PutConnection {
    const NAME: &'static str = "put-connection";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Keeps a connection in the workspace; a secret's value is refused, only references are taken.";
    type Answer = ConnectionRow;

    async fn execute(self, app: &App, caller: &Caller) -> Result<ConnectionRow, ApiError> {
        let bad = |message: String, hint: &str| ApiError::new(ErrorCode::BadCall, message, hint);
        if let Some(field) = secrecy::value_in(&self.connection) {
            // What was written there is not said again.
            return Err(bad(
                format!("`{field}` holds the value of a secret"),
                "write `${secret:NAME}` there, and put the value into the keychain",
            ));
        }
        // The parser's own words could quote a value that belongs nowhere.
        let connection: Connection = serde_json::from_value(self.connection).map_err(|error| {
            let place = error.to_string();
            let shown = place.split('`').next().unwrap_or_default();
            bad(
                format!("this is no connection: {}", shown.trim()),
                "`gantry schema` says what each product takes; secrets are `${secret:NAME}`",
            )
        })?;
        let journal = app.journal()?;
        let kept = catalogue::of(&*journal)?;
        let signature = workspace::signature(app, caller);
        let kept = kept
            .put_connection(self.name.clone(), connection, self.row, signature)
            .await?
            .ok_or_else(|| catalogue::stale(&format!("connection {}", self.name)))?;
        Ok(row(app, kept, &[]).await)
    }
}

/// Forgets a connection of the workspace.
#[derive(Clone, Debug, Deserialize)]
pub struct RemoveConnection {
    /// Its name.
    pub name: ConnectionName,
}

/// A connection that is not kept any more.
#[derive(Clone, Debug, Serialize)]
pub struct Removed {
    /// Its name.
    pub name: ConnectionName,
}

impl Command for RemoveConnection {
    const NAME: &'static str = "remove-connection";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Forgets a connection of the workspace; no release file changes.";
    type Answer = Removed;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Removed, ApiError> {
        let journal = app.journal()?;
        let signature = workspace::signature(app, caller);
        let kept = catalogue::of(&*journal)?;
        if !kept.remove_connection(&self.name, signature).await? {
            return Err(ApiError::new(
                ErrorCode::NoSuchPart,
                format!("there is no connection called {}", self.name),
                "`gantry connections list` shows all of them",
            ));
        }
        Ok(Removed { name: self.name })
    }
}
