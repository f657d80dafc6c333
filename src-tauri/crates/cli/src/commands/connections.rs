//! `gantry connections test FILE`.

use gantry_api::{
    command::Command as _,
    commands::connections::{TestConnections, Tested},
};

use super::Door;
use crate::{
    arguments::{ConnectionsArguments, ConnectionsCommand},
    error::Failure,
    text::table,
};

pub(super) async fn run(door: &Door<'_>, typed: &ConnectionsArguments) -> Result<u8, Failure> {
    let ConnectionsCommand::Test { file } = &typed.command;
    let tested = TestConnections { file: file.clone() }
        .execute(&door.app, &door.caller)
        .await?;
    door.output.answer(&tested, |tested| drawn(tested));
    Ok(u8::from(
        !tested.iter().all(|connection| connection.reachable),
    ))
}

pub(super) fn drawn(tested: &[Tested]) -> String {
    if tested.is_empty() {
        return "The file names no connection.\n".into();
    }
    let rows = tested.iter().map(|one| {
        let state = if one.reachable {
            "reached"
        } else {
            "not reached"
        };
        [
            one.connection.clone(),
            one.product.into(),
            state.into(),
            one.answer.clone(),
        ]
    });
    table::draw(["connection", "product", "state", "answer"], rows)
}
