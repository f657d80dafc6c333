//! `schema`: the JSON Schema of the release file.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
};

/// Gives the JSON Schema of the release file.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Schema {}

impl Command for Schema {
    const NAME: &'static str = "schema";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Gives the JSON Schema of the release file.";
    type Answer = Value;

    async fn execute(self, _app: &App, _caller: &Caller) -> Result<Value, ApiError> {
        Ok(gantry_release_file::schema::schema().clone())
    }
}
