//! Compose files to a release file.
//!
//! In order: each file is read ([`tree`]), its variables are put in ([`interpolation`]), the files are
//! laid over each other ([`merge`]), services become nodes ([`node`]) and nodes become text
//! ([`write`]). No file is opened and no environment is looked at; the caller hands both in.

mod health;
mod image;
mod interpolation;
mod merge;
mod name;
mod node;
mod notes;
mod project;
mod secret;
mod service;
mod tree;
mod variables;
mod write;

use std::collections::BTreeMap;

use gantry_release_file::problem::Problems;

use notes::Notes;

/// Variables by name, for `${NAME}` in Compose files.
pub type Variables = BTreeMap<String, String>;

/// One Compose file; later ones are laid over earlier ones.
#[derive(Clone, Copy, Debug)]
pub struct ComposeFile<'a> {
    /// What problems call the file, and what one-shot services are run with.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// What the caller wants beyond the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The id of the release; the project's name where nothing is said.
    pub release: Option<String>,
    /// The profiles whose services are taken beside those of no profile.
    pub profiles: Vec<String>,
    /// Who sends traffic to services that listen.
    pub router: Router,
}

/// Who sends traffic to imported services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Router {
    /// Nobody that Gantry could talk to.
    #[default]
    None,
    /// An HAProxy with a backend for each service, named like it.
    Haproxy {
        /// The path of its admin socket.
        socket: String,
    },
}

/// A first release file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The text of the release file.
    pub yaml: String,
    /// What a person should look at; the text has the same as comments.
    pub notes: Vec<String>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read or a variable that must be set is not.
    #[error("the Compose files cannot be read")]
    Unreadable(#[source] Problems),
    /// The files, laid over each other, hold no service of the profiles asked for.
    #[error(
        "there is no service to import; services with `profiles:` are only taken when a profile is named"
    )]
    NoServices,
}

/// Reads a `.env` file; `outer` holds what is set already and wins over the file.
///
/// Lines that are no assignment are left out, as Compose does.
pub fn variables(text: &str, outer: &Variables) -> Variables {
    variables::read(text, outer)
}

/// Makes a first release file of Compose files.
///
/// # Errors
/// [`ImportError::Unreadable`] with every problem of the first file that has any, each with its place;
/// [`ImportError::NoServices`] where nothing is left to import.
pub fn compose(
    files: &[ComposeFile<'_>],
    variables: &Variables,
    options: &Options,
) -> Result<Imported, ImportError> {
    let mut notes = Notes::default();
    let mut merged = tree::Tree::Map(Vec::new());
    for file in files {
        let tree =
            interpolation::read(file, variables, &mut notes).map_err(ImportError::Unreadable)?;
        merged = merge::over(merged, merge::normal(tree));
    }
    let project = project::Project::of(&merged, variables, options, &mut notes);
    let nodes = node::all(&project, files, options, &mut notes);
    if nodes.is_empty() {
        return Err(ImportError::NoServices);
    }
    let notes = notes.sentences();
    let names: Vec<&str> = files.iter().map(|file| file.name).collect();
    let yaml = write::release(&project.release, &names, &notes, options, &nodes);
    Ok(Imported { yaml, notes })
}
