//! `gantry show RELEASE`.

use gantry_api::{command::Command as _, commands::show::Show};

use super::Door;
use crate::{arguments::ReleaseArguments, error::Failure, text};

pub(super) async fn run(door: &Door<'_>, typed: &ReleaseArguments) -> Result<u8, Failure> {
    let shown = Show {
        release: typed.release.clone(),
    }
    .execute(&door.app, &door.caller)
    .await?;
    door.output.answer(&shown, |shown| {
        format!(
            "{}\n{}",
            text::status::draw(&shown.status),
            text::plan::draw(shown.whole_plan())
        )
    });
    Ok(0)
}
