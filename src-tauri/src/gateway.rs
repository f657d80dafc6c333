//! What the page may ask for.

use std::path::PathBuf;

use gantry_api::{
    app::{App, Caller},
    command,
    error::{ApiError, ErrorCode},
};
use serde_json::{Value, json};

/// Answers the calls of the page over the one list of commands.
pub(crate) struct Gateway {
    app: App,
    caller: Caller,
    release_file: Option<PathBuf>,
}

impl Gateway {
    /// Answers with what this release file means.
    pub(crate) fn new(app: App, caller: Caller, release_file: Option<PathBuf>) -> Self {
        Self {
            app,
            caller,
            release_file,
        }
    }

    /// Answers one call by its name. The page cannot name files: it sees the one that the window
    /// was opened with, and only what is listed here.
    pub(crate) async fn call(&self, name: &str) -> Result<Value, ApiError> {
        match (name, &self.release_file) {
            ("plan", Some(file)) => {
                command::call(&self.app, &self.caller, name, json!({ "file": file })).await
            }
            ("plan", None) => Err(refused("There is no release to show.")),
            (other, _) => Err(refused(format!("The window has no command `{other}`."))),
        }
    }
}

fn refused(message: impl Into<String>) -> ApiError {
    ApiError::new(
        ErrorCode::BadCall,
        message,
        "Start it with a release file: `gantry-desktop FILE`.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gateway(release_file: Option<PathBuf>) -> Gateway {
        let settings = gantry_boot::settings::Settings::of_this_process(None).unwrap();
        Gateway::new(
            gantry_boot::app(&settings),
            Caller {
                name: "test".into(),
                known: gantry_api::app::KnownBy::System,
            },
            release_file,
        )
    }

    #[tokio::test]
    async fn only_what_the_window_needs_is_answered() {
        let error = gateway(Some("x.yaml".into()))
            .call("steer")
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::BadCall);
    }

    #[tokio::test]
    async fn a_missing_file_is_an_error_with_a_hint() {
        let error = gateway(Some("no/such/release.yaml".into()))
            .call("plan")
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::FileUnreadable);
        assert!(!error.hint.is_empty());
    }
}
