//! What can be typed about notifications.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Notifications.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct NoticesArguments {
    /// The release id, or a run
    #[arg(required = true)]
    pub(crate) release: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Option<NoticesCommand>,
}

/// What can be done about notifications.
#[derive(Debug, Subcommand)]
pub(crate) enum NoticesCommand {
    /// Shows what a release file would tell whom; sends nothing
    Preview {
        /// The release file
        file: PathBuf,
    },
    /// Notes that you have read messages
    Acknowledge {
        /// The release id
        release: String,
        /// One message, by its number; all where none is named
        notice: Option<u64>,
    },
    /// Sends what waits, and what time has made due, while nobody drives a run
    Send {
        /// The release id; all releases where none is named
        release: Option<String>,
    },
}
