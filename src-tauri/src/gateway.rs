//! What the page may ask for.

use std::{future::Future, path::PathBuf, pin::Pin, sync::Arc};

use gantry_api::{
    app::{App, Caller},
    command,
    error::{ApiError, ErrorCode},
};
use serde_json::{Value, json};

use crate::document::{Document, NOT_WRITTEN};

/// Files that a person chose in a dialog of the system; none where they thought better of it.
pub(crate) type Chosen = Pin<Box<dyn Future<Output = Option<Vec<PathBuf>>> + Send>>;

/// The call with which the page hands over a document that a person wants to keep.
const SAVE: &str = "save-document";

/// Asks a person for files.
pub(crate) trait Chooser: Send + Sync {
    /// Asks for one release file.
    fn release_file(&self) -> Chosen;

    /// Asks for Compose files.
    fn compose_files(&self) -> Chosen;

    /// Asks where to keep a document, and proposes this name for it.
    fn new_file(&self, name: &str) -> Chosen;
}

/// Answers the calls of the page over the one list of commands.
pub(crate) struct Gateway {
    app: Arc<App>,
    caller: Caller,
}

impl Gateway {
    /// Answers for a person at this machine.
    pub(crate) fn new(app: Arc<App>, caller: Caller) -> Self {
        Self { app, caller }
    }

    /// Gives the application.
    pub(crate) fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Answers one call of the page.
    ///
    /// The page reads and writes files of opened releases only, which the application sees to. New
    /// files come in through a dialog of the system, whatever the page says: a person has to point
    /// at them.
    pub(crate) async fn call(
        &self,
        chooser: &dyn Chooser,
        name: &str,
        arguments: Value,
    ) -> Result<Value, ApiError> {
        let arguments = match name {
            "open-release" => json!({ "file": first(chooser.release_file().await)? }),
            "new-release" if arguments["from"] == "compose" => {
                let files = chooser.compose_files().await.ok_or_else(nothing_chosen)?;
                json!({ "from": "compose", "id": arguments["id"], "files": files })
            }
            SAVE => return save(chooser, arguments).await,
            _ => arguments,
        };
        command::call(&self.app, &self.caller, name, arguments).await
    }

    /// Opens a file that a person named outside of the page and gives its release.
    pub(crate) async fn open(&self, file: PathBuf) -> Result<String, ApiError> {
        let row = self
            .trusted("open-release", json!({ "file": file }))
            .await?;
        Ok(row["release"].as_str().unwrap_or_default().to_owned())
    }

    /// Calls a command for the shell itself.
    pub(crate) async fn trusted(&self, name: &str, arguments: Value) -> Result<Value, ApiError> {
        command::call(&self.app, &self.caller, name, arguments).await
    }
}

/// Writes a document where a person says; nothing in it or in its name says where.
async fn save(chooser: &dyn Chooser, arguments: Value) -> Result<Value, ApiError> {
    let document: Document = serde_json::from_value(arguments)
        .map_err(|error| ApiError::new(ErrorCode::BadCall, error.to_string(), NOT_WRITTEN))?;
    let (name, bytes) = (document.name(), document.bytes()?);
    let file = match chooser.new_file(&name).await {
        Some(chosen) => first(Some(chosen))?,
        None => return Ok(json!({ "file": null })),
    };
    let written = tokio::fs::write(&file, bytes).await;
    written.map_err(|error| {
        let message = format!("{} cannot be written: {error}", file.display());
        ApiError::new(ErrorCode::Refused, message, "choose another place")
    })?;
    Ok(json!({ "file": file }))
}

fn first(chosen: Option<Vec<PathBuf>>) -> Result<PathBuf, ApiError> {
    let first = chosen.and_then(|files| files.into_iter().next());
    first.ok_or_else(nothing_chosen)
}

fn nothing_chosen() -> ApiError {
    ApiError::new(
        ErrorCode::Refused,
        "no file was chosen",
        "nothing was changed",
    )
}

#[cfg(test)]
mod tests {
    use gantry_api::app::KnownBy;
    use gantry_boot::settings::Settings;

    use super::*;

    const TEXT: &str =
        "gantry: 1\nrelease: shop\nnodes:\n  one:\n    kind: task\n    run: { exec: [\"true\"] }\n";

    /// A person who points at one file, or at nothing.
    struct Person(Option<PathBuf>);

    impl Chooser for Person {
        fn release_file(&self) -> Chosen {
            let chosen = self.0.clone().map(|file| vec![file]);
            Box::pin(async move { chosen })
        }

        fn compose_files(&self) -> Chosen {
            self.release_file()
        }

        fn new_file(&self, _: &str) -> Chosen {
            self.release_file()
        }
    }

    fn gateway(folder: &tempfile::TempDir) -> Gateway {
        let settings = Settings {
            workspace: folder.path().join("gantry.db"),
            executable: "/nonexistent".into(),
            environment: std::iter::empty().collect(),
        };
        let caller = Caller {
            name: "ann".into(),
            known: KnownBy::System,
        };
        Gateway::new(gantry_boot::app(&settings).behind_a_door(), caller)
    }

    #[tokio::test]
    async fn the_page_opens_what_a_person_points_at_and_not_what_it_names() {
        let folder = tempfile::tempdir().unwrap();
        let (mine, other) = (
            folder.path().join("shop.yaml"),
            folder.path().join("other.yaml"),
        );
        std::fs::write(&mine, TEXT).unwrap();
        std::fs::write(&other, TEXT.replace("shop", "other")).unwrap();
        let gateway = gateway(&folder);
        let person = Person(Some(mine.clone()));
        let asked = json!({ "file": other });
        let row = gateway.call(&person, "open-release", asked).await.unwrap();
        assert_eq!(row["release"], "shop");
        let plan = gateway
            .call(&person, "plan", json!({ "file": mine }))
            .await
            .unwrap();
        assert_eq!(plan["release"], "shop");
        let refused = gateway
            .call(&person, "plan", json!({ "file": other }))
            .await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::FileUnreadable);
    }

    #[tokio::test]
    async fn who_chooses_nothing_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let gateway = gateway(&folder);
        let error = gateway
            .call(&Person(None), "open-release", json!({}))
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::Refused);
        let rows = gateway
            .call(&Person(None), "releases", json!({}))
            .await
            .unwrap();
        assert_eq!(rows, json!([]));
    }

    #[tokio::test]
    async fn a_document_is_written_where_a_person_points_and_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let gateway = gateway(&folder);
        let (mine, named) = (folder.path().join("mine.md"), folder.path().join("x.md"));
        let asked = json!({ "name": named, "media": "text/markdown", "text": "# Report" });
        let person = Person(Some(mine.clone()));
        let saved = gateway.call(&person, SAVE, asked.clone()).await.unwrap();
        assert_eq!(saved, json!({ "file": mine }));
        assert_eq!(std::fs::read_to_string(&mine).unwrap(), "# Report");
        let nothing = gateway.call(&Person(None), SAVE, asked).await.unwrap();
        assert_eq!(nothing, json!({ "file": null }));
        assert!(!named.exists());
    }

    #[tokio::test]
    async fn a_newcomer_gets_the_sample_without_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let gateway = gateway(&folder);
        let sample = json!({ "from": "sample" });
        let row = gateway
            .call(&Person(None), "new-release", sample)
            .await
            .unwrap();
        assert_eq!(
            (row["release"].as_str(), row["state"].as_str()),
            (Some("first-release"), Some("draft"))
        );
    }
}
