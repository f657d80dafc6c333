//! What can be typed for the door of a browser.

use std::path::PathBuf;

use clap::Args;

/// A door for a browser of this machine.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The port of 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// The folder with the built page [default: the page in this program]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) ui: Option<PathBuf>,
}
