//! `gantry export FILE --format dot|mermaid|json|svg`.

use gantry_api::{command::Command as _, commands::export::Export, export::GraphFormat};

use super::Door;
use crate::{
    arguments::{ExportArguments, ExportFormat},
    error::Failure,
};

pub(super) async fn run(door: &Door<'_>, typed: &ExportArguments) -> Result<u8, Failure> {
    let format = match typed.format {
        ExportFormat::Dot => GraphFormat::Dot,
        ExportFormat::Mermaid => GraphFormat::Mermaid,
        ExportFormat::Json => GraphFormat::Json,
        ExportFormat::Svg => GraphFormat::Svg,
    };
    let text = Export {
        file: typed.file.clone(),
        format,
    }
    .execute(&door.app, &door.caller)
    .await?;
    door.output.line(text.trim_end());
    Ok(0)
}
