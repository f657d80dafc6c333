//! `connections-test`: reaches out to connections and changes nothing.

use std::path::PathBuf;

use gantry_model::{id::ConnectionName, release::connection::Connection};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    catalogue,
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    load,
};

/// Reaches out to each connection of a release file, or to one of the workspace.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct TestConnections {
    /// The release file.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// The name of a connection of the workspace.
    #[serde(default)]
    pub connection: Option<ConnectionName>,
}

impl TestConnections {
    /// Means all connections of a file.
    pub fn of_file(file: PathBuf) -> Self {
        Self {
            file: Some(file),
            connection: None,
        }
    }

    /// Means one connection of the workspace.
    pub fn by_name(name: ConnectionName) -> Self {
        Self {
            file: None,
            connection: Some(name),
        }
    }
}

/// What one connection answered.
#[derive(Clone, Debug, Serialize)]
pub struct Tested {
    /// The connection.
    pub connection: String,
    /// Its product.
    pub product: &'static str,
    /// Whether it can be used.
    pub reachable: bool,
    /// What it answered, or why it cannot be used.
    pub answer: String,
}

impl Command for TestConnections {
    const NAME: &'static str = "connections-test";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Reaches out to each connection of a release file, or to one of the workspace; changes nothing.";
    type Answer = Vec<Tested>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<Tested>, ApiError> {
        if let Some(name) = &self.connection {
            let connection = kept(app, name).await?;
            return Ok(vec![
                test(app, name, &connection, &PathBuf::from(".")).await,
            ]);
        }
        let file = self.file.ok_or_else(|| {
            let hint = "give a `file`, or a `connection` of the workspace";
            ApiError::new(ErrorCode::BadCall, "no connection is named", hint)
        })?;
        let loaded = load::load(app, &file).await?;
        let mut tested = Vec::new();
        for (name, connection) in &loaded.document.release.connections {
            tested.push(test(app, name, connection, &loaded.folder).await);
        }
        Ok(tested)
    }
}

async fn kept(app: &App, name: &ConnectionName) -> Result<Connection, ApiError> {
    let journal = app.journal()?;
    let all = catalogue::of(&*journal)?.list_connections().await?;
    let found = all.into_iter().find(|kept| kept.row.0 == *name);
    found.map(|kept| kept.row.1).ok_or_else(|| {
        ApiError::new(
            ErrorCode::NoSuchPart,
            format!("there is no connection called {name}"),
            "`gantry connections list` shows all of them",
        )
    })
}

async fn test(
    app: &App,
    name: &ConnectionName,
    connection: &Connection,
    folder: &std::path::Path,
) -> Tested {
    let (reachable, answer) = match app.connector.test(name, connection, folder).await {
        Ok(answer) => (true, answer),
        Err(fault) => (false, fault.message),
    };
    Tested {
        connection: name.to_string(),
        product: connection.product(),
        reachable,
        answer,
    }
}
