//! `gantry brief FILE --format md|html|pdf`.

use std::path::Path;

use gantry_api::{
    command::Command as _,
    commands::brief::WriteBrief,
    written::{DocumentFormat, Written},
};
use gantry_report::redact::Profile;

use super::Door;
use crate::{
    arguments::{BriefArguments, BriefFormat, Reader},
    error::Failure,
};

pub(super) async fn run(door: &Door<'_>, typed: &BriefArguments) -> Result<u8, Failure> {
    let written = WriteBrief {
        file: typed.file.clone(),
        format: match typed.format {
            BriefFormat::Md => DocumentFormat::Md,
            BriefFormat::Html => DocumentFormat::Html,
            BriefFormat::Pdf => DocumentFormat::Pdf,
        },
        profile: profile(typed.reader),
    }
    .execute(&door.app, &door.caller)
    .await?;
    put(door, &written, typed.output.as_deref())
}

/// Writes a document to a file, or to standard output.
pub(super) fn put(door: &Door<'_>, written: &Written, file: Option<&Path>) -> Result<u8, Failure> {
    match file {
        None => door.output.bytes(written.bytes()),
        Some(path) => std::fs::write(path, written.bytes()).map_err(|error| {
            Failure::system(&format!("{} cannot be written", path.display()), &error)
        })?,
    }
    Ok(0)
}

pub(super) fn profile(reader: Reader) -> Profile {
    match reader {
        Reader::Internal => Profile::Internal,
        Reader::Customer => Profile::Customer,
        Reader::Regulator => Profile::Regulator,
    }
}
