//! `gantry schema`.

use gantry_api::{command::Command as _, commands::schema::Schema};

use super::Door;
use crate::error::Failure;

pub(super) async fn run(door: &Door<'_>) -> Result<u8, Failure> {
    door.output
        .json(&Schema {}.execute(&door.app, &door.caller).await?);
    Ok(0)
}
