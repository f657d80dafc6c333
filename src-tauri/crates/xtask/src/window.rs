//! `cargo xtask window`: what people do in the desktop app, done in the real one.
//!
//! A virtual screen, the web view's own driver and the app as it is built: what a person would see
//! and touch. [`flows`] says what is done; pictures of it are left in `target/window` to be looked
//! at. The app is found by the words on it, and waited for by what it shows, never by time.

mod desk;
mod display;
mod driver;
mod flows;
mod measure;
mod page;
mod processes;
mod stage;
mod waiting;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{cargo, page as web_page};

/// Names an app to be opened as it is.
const BINARY_VARIABLE: &str = "GANTRY_DESKTOP";

/// How the app is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// As the tests are: quickly.
    Debug,
    /// As people get it.
    Release,
}

impl Build {
    /// Builds the app with its page in it and gives the program, or the one of `GANTRY_DESKTOP`.
    ///
    /// # Errors
    ///
    /// When the page or the app does not build.
    pub fn build(self) -> Result<PathBuf> {
        if let Some(named) = std::env::var_os(BINARY_VARIABLE) {
            return Ok(named.into());
        }
        web_page::build()?;
        let app = ["build", "--package", "gantry-desktop"];
        let folder = match self {
            Self::Debug => {
                cargo::run(&app)?;
                "debug"
            }
            Self::Release => {
                cargo::run(&[app.as_slice(), &["--release"]].concat())?;
                "release"
            }
        };
        Ok(cargo::target().join(folder).join("gantry-desktop"))
    }
}

/// Does in an app what people do in it.
///
/// # Errors
///
/// When something does not start, or the window does not show what it should.
pub fn run(binary: &Path) -> Result<()> {
    flows::run(binary, &cargo::target().join("window"))
}

/// Opens an app, reads its first screen and closes it.
///
/// # Errors
///
/// When it does not start, or shows something else.
pub fn opens(binary: &Path) -> Result<()> {
    flows::first_screen(binary, &cargo::target().join("window"))
}

/// Opens an app on the sample release and leaves a picture of each screen in a folder.
///
/// # Errors
///
/// When it does not start, or a screen does not come.
pub fn screens(binary: &Path, folder: &Path) -> Result<()> {
    flows::screens(binary, folder)
}

/// Measures the app against the smallest window that Tauri opens; prints a table in Markdown.
///
/// # Errors
///
/// When one of them does not build or does not open; never because it is slow.
pub fn measure() -> Result<()> {
    let gantry = Build::Release.build()?;
    let hello = "gantry-hello-window";
    let build = ["build", "--release", "--package", "gantry-desktop"];
    cargo::run(&[build.as_slice(), &["--features", "hello", "--bin", hello]].concat())?;
    let hello = cargo::target().join("release").join(hello);
    measure::run(&gantry, &hello)
}
