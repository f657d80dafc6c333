//! `gantry adapters`.

use gantry_api::{command::Command as _, commands::adapters::Adapters};

use super::Door;
use crate::{error::Failure, text::table};

pub(super) async fn run(door: &Door<'_>) -> Result<u8, Failure> {
    let adapters = Adapters {}.execute(&door.app, &door.caller).await?;
    door.output.answer(&adapters, |adapters| {
        let rows = adapters.iter().map(|adapter| {
            [
                adapter.port.into(),
                adapter.product.into(),
                adapter.can.join(", "),
                adapter.note.into(),
            ]
        });
        table::draw(["port", "product", "can", "note"], rows)
    });
    Ok(0)
}
