//! `gantry report RELEASE --format md|html|pdf|json|csv [-o FILE]`.

use gantry_api::{
    command::Command as _,
    commands::report::{ReportFormat, WriteReport},
};

use super::{
    Door,
    brief::{profile, put},
};
use crate::{
    arguments::{ReportArguments, ReportFormatName},
    error::Failure,
};

pub(super) async fn run(door: &Door<'_>, typed: &ReportArguments) -> Result<u8, Failure> {
    let written = WriteReport {
        release: typed.release.clone(),
        format: match typed.format {
            ReportFormatName::Md => ReportFormat::Md,
            ReportFormatName::Html => ReportFormat::Html,
            ReportFormatName::Pdf => ReportFormat::Pdf,
            ReportFormatName::Json => ReportFormat::Json,
            ReportFormatName::Csv => ReportFormat::Csv,
        },
        profile: profile(typed.reader),
    }
    .execute(&door.app, &door.caller)
    .await?;
    put(door, &written, typed.output.as_deref())
}
