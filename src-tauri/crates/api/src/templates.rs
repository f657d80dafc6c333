//! Taking from a template what a release file does not say itself.

use std::path::Path;

use gantry_model::{
    digest::Digest,
    plan::{Finding, Severity},
    release::{Release, template::Filled},
};
use gantry_release_file::document::Document;

use crate::app::App;

/// The longest template, in bytes.
const LIMIT: u64 = 4 * 1024 * 1024;

/// What came of a template.
pub(crate) struct Templated {
    /// The file and the hash of its bytes, where it could be read.
    pub(crate) file: Option<(String, Digest)>,
    /// What is to be said about it.
    pub(crate) findings: Vec<Finding>,
}

/// Fills a release from the template that it names; one that is not what was pinned gives nothing.
pub(crate) async fn fill(app: &App, document: &mut Document, folder: &Path) -> Templated {
    let mut templated = Templated {
        file: None,
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
        templated.error("template-changed", "/template/hash", message, &hint);
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
    let filled = document.release.fill(template);
    templated.findings.push(told(&named.file, &filled));
    templated
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
