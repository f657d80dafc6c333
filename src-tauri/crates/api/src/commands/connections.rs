//! `connections test`: reaches out to each connection of a file and changes nothing.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    load,
};

/// Reaches out to each connection of a release file and changes nothing.
#[derive(Clone, Debug, Deserialize)]
pub struct TestConnections {
    /// The release file.
    pub file: PathBuf,
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
    const ABOUT: &'static str =
        "Reaches out to each connection of a release file and changes nothing.";
    type Answer = Vec<Tested>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<Tested>, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let mut tested = Vec::new();
        for (name, connection) in &loaded.document.release.connections {
            let (reachable, answer) =
                match app.connector.test(name, connection, &loaded.folder).await {
                    Ok(answer) => (true, answer),
                    Err(fault) => (false, fault.message),
                };
            tested.push(Tested {
                connection: name.to_string(),
                product: connection.product(),
                reachable,
                answer,
            });
        }
        Ok(tested)
    }
}
