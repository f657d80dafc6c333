//! What can be typed about services, versions in quarantine and connections.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Services.
#[derive(Debug, Args)]
pub(crate) struct CatalogueArguments {
    #[command(subcommand)]
    pub(crate) command: Option<CatalogueCommand>,
}

/// What can be done with services.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueCommand {
    /// Says who answers for a service, and what it calls
    Put {
        /// The service
        name: String,
        /// Who answers for it
        #[arg(long)]
        owner: Option<String>,
        /// What it is, in a word
        #[arg(long)]
        kind: Option<String>,
        /// How much depends on it, 1 the most
        #[arg(long)]
        tier: Option<u8>,
        /// The services that it calls
        #[arg(long, value_delimiter = ',')]
        needs: Vec<String>,
    },
}

/// Versions that must not be brought out.
#[derive(Debug, Args)]
pub(crate) struct QuarantineArguments {
    #[command(subcommand)]
    pub(crate) command: QuarantineCommand,
}

/// What can be done about a version.
#[derive(Debug, Subcommand)]
pub(crate) enum QuarantineCommand {
    /// Puts it into quarantine
    Add(VersionArguments),
    /// Takes it out of quarantine
    Lift(VersionArguments),
    /// Lets one release bring it out all the same
    LetThrough {
        #[command(flatten)]
        version: VersionArguments,
        /// The release id
        #[arg(long)]
        release: String,
    },
}

/// A version of a service.
#[derive(Debug, Args)]
pub(crate) struct VersionArguments {
    /// The service
    pub(crate) service: String,
    /// The version
    pub(crate) version: String,
    /// Why
    #[arg(long, short)]
    pub(crate) reason: String,
}

/// Connections of a file or of the workspace.
#[derive(Debug, Args)]
pub(crate) struct ConnectionsArguments {
    #[command(subcommand)]
    pub(crate) command: ConnectionsCommand,
}

/// What can be done with connections.
#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionsCommand {
    /// Lists those of the workspace
    List,
    /// Keeps one in the workspace; secrets by reference alone
    Put {
        /// Its name
        name: String,
        /// What a release file would say of it, as JSON, for example {"docker":{}}
        settings: String,
    },
    /// Forgets one of the workspace
    Remove {
        /// Its name
        name: String,
    },
    /// Reaches out to each connection of a file, or to one of the workspace; changes nothing
    Test {
        /// The release file
        #[arg(required_unless_present = "name")]
        file: Option<PathBuf>,
        /// A connection of the workspace instead
        #[arg(long, conflicts_with = "file")]
        name: Option<String>,
    },
}
