//! `gantry import compose FILE…`.

use std::path::Path;

use gantry_api::{
    command::Command as _,
    commands::import::{FirstFile, ImportCompose},
};

use super::Door;
use crate::{
    arguments::{ImportArguments, ImportSource},
    error::Failure,
    output::Form,
};

pub(super) async fn run(door: &Door<'_>, typed: &ImportArguments) -> Result<u8, Failure> {
    let ImportSource::Compose {
        files,
        env_file,
        profile,
        haproxy,
        release,
        output,
    } = &typed.source;
    let command = ImportCompose {
        files: files.clone(),
        env_file: env_file.clone(),
        profiles: profile.clone(),
        variables: door.variables.clone(),
        haproxy: haproxy.clone(),
        release: release.clone(),
    };
    let first = command.execute(&door.app, &door.caller).await?;
    match output {
        Some(path) => write(door, path, &first)?,
        None if door.output.form() == Form::Json => door.output.json(&first),
        None => door.output.text(&first.yaml),
    }
    for note in &first.notes {
        door.output.aside(&format!("note: {note}\n"));
    }
    Ok(0)
}

/// Writes a new file; one that is there already is somebody's work and stays.
fn write(door: &Door<'_>, path: &Path, first: &FirstFile) -> Result<(), Failure> {
    let written = std::fs::File::create_new(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, first.yaml.as_bytes()));
    written
        .map_err(|error| Failure::system(&format!("cannot write {}", path.display()), &error))?;
    door.output.aside(&format!("wrote {}\n", path.display()));
    Ok(())
}
