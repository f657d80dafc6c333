//! Compose files to release files.
#![cfg(test)]

mod demo;
mod features;
mod hostile;

use gantry_import::compose::{ComposeFile, ImportError, Imported, Options, Variables, compose};
use gantry_model::{
    id::NodeId,
    release::{Release, node::Node},
};

/// Imports one file with a few variables.
pub(crate) fn imported(text: &str) -> Imported {
    let variables = Variables::from([("SET".to_owned(), "set".to_owned())]);
    import(&[text], &variables, &Options::default()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Imports several files laid over each other.
pub(crate) fn import(
    texts: &[&str],
    variables: &Variables,
    options: &Options,
) -> Result<Imported, ImportError> {
    let files: Vec<ComposeFile<'_>> = texts
        .iter()
        .map(|text| ComposeFile {
            name: "compose.yaml",
            text,
        })
        .collect();
    compose(&files, variables, options)
}

/// Reads what was imported as a release.
pub(crate) fn release(imported: &Imported) -> Release {
    match gantry_release_file::read("release.yaml", imported.yaml.as_bytes()) {
        Ok(document) => document.release,
        Err(problems) => panic!("{problems}\n{}", imported.yaml),
    }
}

/// Finds a node.
pub(crate) fn node<'r>(release: &'r Release, id: &str) -> &'r Node {
    let id: NodeId = id.parse().unwrap();
    release.nodes.get(&id).unwrap()
}

/// Gives what a node needs, as text.
pub(crate) fn needs(node: &Node) -> Vec<String> {
    node.needs.iter().map(ToString::to_string).collect()
}
