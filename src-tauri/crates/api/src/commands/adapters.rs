//! `adapters`: the products that Gantry drives.

use gantry_port::connector::Adapter;
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
};

/// Lists the products that Gantry drives and what it can do there.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Adapters {}

impl Command for Adapters {
    const NAME: &'static str = "adapters";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Lists the products that Gantry drives and what it can do there.";
    type Answer = Vec<Adapter>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<Adapter>, ApiError> {
        Ok(app.connector.adapters())
    }
}
