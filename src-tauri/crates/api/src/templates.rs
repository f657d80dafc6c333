//! Taking from a template what a release file does not say itself.

mod difference;

use std::path::Path;

use gantry_model::{
    digest::Digest,
    plan::{Finding, Severity},
    release::{Release, template::Filled},
};
use gantry_release_file::document::Document;

use crate::{app::App, error::ApiError, load::Loaded};

/// The longest template, in bytes.
const LIMIT: u64 = 4 * 1024 * 1024;

/// The code of a template that is not the one that was pinned.
const CHANGED: &str = "template-changed";

/// What came of a template.
pub(crate) struct Templated {
    /// The file and the hash of its bytes, where it could be read.
    pub(crate) file: Option<(String, Digest)>,
    /// Its text, where it is the one that was pinned.
    pub(crate) text: Option<String>,
    /// What is to be said about it.
    pub(crate) findings: Vec<Finding>,
}

/// Fills a release from the template that it names; one that is not what was pinned gives nothing.
pub(crate) async fn fill(app: &App, document: &mut Document, folder: &Path) -> Templated {
    let mut templated = Templated {
        file: None,
        text: None,
        findings: Vec::new(),
    };
    let Some(named) = document.release.template.clone() else {
        return templated;
    };
    let bytes = app
        .files
        .read_referred(&folder.join(&named.file), LIMIT)
        .await;
    let Ok(bytes) = bytes else {
        let message = format!("The template {} cannot be read.", named.file);
        let hint = "name a file that lies beside the release file";
        templated.error("template-unreadable", "/template/file", message, hint);
        return templated;
    };
    let hash = Digest::of(&bytes);
    templated.file = Some((named.file.clone(), hash));
    if named.hash != hash.to_string() {
        let message = format!(
            "The template {} is not the one that was pinned.",
            named.file
        );
        let hint = format!("look at what changed in it, then pin `{hash}`");
        templated.error(CHANGED, "/template/hash", message, &hint);
        return templated;
    }
    // What stands in it may be anybody's, so that its problems are not quoted here.
    let Ok(template) = gantry_release_file::read(&named.file, &bytes) else {
        let message = format!("The template {} is no release file.", named.file);
        let hint = format!("`gantry check {}` says what is wrong with it", named.file);
        templated.error("template-form", "/template/file", message, &hint);
        return templated;
    };
    let template: Release = template.release;
    if !template.nodes.is_empty() || template.template.is_some() {
        let message = format!("The template {} changes something by itself.", named.file);
        let hint = "a template has `nodes: {}` and no template of its own";
        templated.error("template-form", "/template/file", message, hint);
        return templated;
    }
    templated.text = String::from_utf8(bytes).ok();
    let filled = document.release.fill(template);
    templated.findings.push(told(&named.file, &filled));
    templated
}

/// Keeps the text of a template by its hash, so that another one can be compared with it.
///
/// Nothing is stopped by this: where it cannot be kept, only its changes are not shown later.
pub(crate) async fn keep(app: &App, text: Option<&str>) {
    let Some(text) = text else { return };
    let Ok(journal) = app.journal() else { return };
    let Some(rooms) = journal.rooms() else { return };
    if let Err(error) = rooms.keep_plan(Digest::of(text), text.to_owned()).await {
        tracing::warn!(%error, "keeps no template");
    }
}

/// Shows in an error what changed in the template, where the pinned one was kept in the workspace.
///
/// Makes no workspace, and shows nothing of a file that is no release file: a release that names
/// another file as its template gets none of its bytes.
pub(crate) async fn explain(app: &App, loaded: &Loaded, mut error: ApiError) -> ApiError {
    let is_it = |problem: &&mut serde_json::Value| {
        problem.get("code").and_then(serde_json::Value::as_str) == Some(CHANGED)
    };
    if let Some(problem) = error.problems.iter_mut().find(is_it)
        && let Some(difference) = changed(app, loaded).await
        && let Some(fields) = problem.as_object_mut()
    {
        fields.insert("difference".into(), difference.into());
    }
    error
}

async fn changed(app: &App, loaded: &Loaded) -> Option<String> {
    let named = loaded.document.release.template.as_ref()?;
    let journal = app.journal_if_there().ok()??;
    let pinned = journal.rooms()?.kept_plan(named.hash.parse().ok()?).await;
    let pinned = pinned.ok()??;
    let bytes = app
        .files
        .read_referred(&loaded.folder.join(&named.file), LIMIT)
        .await
        .ok()?;
    for side in [pinned.as_bytes(), &bytes] {
        gantry_release_file::read(&named.file, side).ok()?;
    }
    let found = String::from_utf8(bytes).ok()?;
    Some(difference::between(&named.file, &pinned, &found))
}

impl Templated {
    fn error(&mut self, code: &str, pointer: &str, message: String, hint: &str) {
        self.findings.push(Finding {
            severity: Severity::Error,
            code: code.into(),
            node: None,
            pointer: Some(pointer.into()),
            message,
            hint: hint.into(),
        });
    }
}

/// Tells what a release took from its template, and what it says otherwise.
fn told(file: &str, filled: &Filled) -> Finding {
    let listed = |parts: &[String]| match parts {
        [] => "nothing".to_owned(),
        parts => parts.join(", "),
    };
    let (taken, replaced) = (listed(&filled.taken), listed(&filled.replaced));
    Finding {
        severity: Severity::Note,
        code: "template".into(),
        node: None,
        pointer: Some("/template".into()),
        message: format!("From {file} come {taken}."),
        hint: format!("the release says otherwise: {replaced}"),
    }
}
