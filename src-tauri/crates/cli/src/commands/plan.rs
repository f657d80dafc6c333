//! `gantry plan FILE`.

use gantry_api::{
    command::Command as _,
    commands::plan::{PlanRelease, Timetabled},
};

use super::Door;
use crate::{arguments::PlanArguments, error::Failure, text};

pub(super) async fn run(door: &Door<'_>, typed: &PlanArguments) -> Result<u8, Failure> {
    let command = PlanRelease {
        file: typed.file.clone(),
        observe: typed.observe,
        // Lines for people and promised keys; the page asks for more.
        timetable: Timetabled::LeftOut,
    };
    let planned = command.execute(&door.app, &door.caller).await?;
    door.output.answer(&planned, |planned| {
        text::plan::draw_with(planned.plan(), planned.forecast())
    });
    Ok(0)
}
