//! `gantry check FILE`.

use gantry_api::{
    command::Command as _,
    commands::check::{Check, Checked},
};

use super::Door;
use crate::{arguments::FileArguments, error::Failure};

pub(super) async fn run(door: &Door<'_>, typed: &FileArguments) -> Result<u8, Failure> {
    let checked = Check {
        file: typed.file.clone(),
    }
    .execute(&door.app, &door.caller)
    .await?;
    for line in &checked.lines {
        door.output.aside(&format!("{line}\n"));
    }
    door.output.answer(
        &checked,
        |Checked {
             release,
             nodes,
             steps,
             ..
         }| { format!("{release}: no errors, {nodes} nodes, {steps} steps\n") },
    );
    Ok(0)
}
