//! `gantry export FILE --format dot|mermaid|json|svg|ics` and `gantry export RELEASE --bundle FILE`.

use std::path::Path;

use gantry_api::{
    command::Command as _,
    commands::{
        bundle::PackBundle,
        export::{CalendarFormat, Export, Format},
    },
    export::GraphFormat,
};

use super::{Door, brief::put};
use crate::{
    arguments::{ExportArguments, ExportFormat},
    error::Failure,
};

pub(super) async fn run(door: &Door<'_>, typed: &ExportArguments) -> Result<u8, Failure> {
    match (&typed.bundle, typed.format) {
        (Some(file), _) => bundle(door, &typed.release, file).await,
        (None, Some(format)) => graph(door, &typed.release, format).await,
        (None, None) => Err(Failure::bad_call(
            "nothing says what to export",
            "gantry export FILE --format svg, or gantry export RELEASE --bundle FILE",
        )),
    }
}

async fn graph(door: &Door<'_>, file: &Path, format: ExportFormat) -> Result<u8, Failure> {
    let format = match format {
        ExportFormat::Dot => Format::Graph(GraphFormat::Dot),
        ExportFormat::Mermaid => Format::Graph(GraphFormat::Mermaid),
        ExportFormat::Json => Format::Graph(GraphFormat::Json),
        ExportFormat::Svg => Format::Graph(GraphFormat::Svg),
        ExportFormat::Ics => Format::Calendar(CalendarFormat::Ics),
    };
    let text = Export {
        file: file.to_owned(),
        format,
    }
    .execute(&door.app, &door.caller)
    .await?;
    door.output.line(text.trim_end());
    Ok(0)
}

async fn bundle(door: &Door<'_>, release: &Path, file: &Path) -> Result<u8, Failure> {
    let written = PackBundle {
        release: release.display().to_string(),
    }
    .execute(&door.app, &door.caller)
    .await?;
    put(door, &written, Some(file))?;
    let file = file.display();
    let said = format!("{file} is signed; `gantry journal verify {file}` proves it\n");
    door.output.aside(&said);
    Ok(0)
}
