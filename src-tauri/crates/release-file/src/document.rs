//! A release that was read, and the place of every part of it.

use std::{borrow::Cow, sync::Arc};

use gantry_model::{plan::Finding, release::Release};

use crate::{
    problem::{Problem, Problems, TOLD_AT_MOST},
    source::{Extent, Place, Source},
    yaml::{Content, Value},
};

/// A release with the text that it was read from.
#[derive(Debug)]
pub struct Document {
    /// The release.
    pub release: Release,
    source: Arc<Source>,
    root: Arc<Value>,
}

impl Document {
    pub(crate) fn new(release: Release, source: Arc<Source>, root: Arc<Value>) -> Self {
        Self {
            release,
            source,
            root,
        }
    }

    /// Gives the text that it was read from.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// Finds the place of a JSON pointer: the text of a value, or the key of a map or list.
    ///
    /// What is not written in the file (a default, a typing error in a pointer) is placed at the
    /// nearest thing around it that is.
    pub fn place(&self, pointer: &str) -> Place {
        self.source.place(extent(&self.root, pointer))
    }

    /// Finds the place of the key that a JSON pointer leads to, whatever its value is.
    pub fn key_place(&self, pointer: &str) -> Place {
        let found = find(&self.root, pointer);
        self.source.place(found.key.unwrap_or(found.value.extent))
    }

    /// Gives a finding of the planner its place.
    pub fn problem(&self, finding: &Finding) -> Problem {
        let of_node = |id| format!("/nodes/{}", escaped(id));
        let node = finding.node.as_ref().map(|id| of_node(id.as_str()));
        let pointer = finding.pointer.clone().or(node).unwrap_or_default();
        let extent = extent(&self.root, &pointer);
        Problem {
            severity: finding.severity,
            code: Cow::Owned(finding.code.clone()),
            file: self.source.name().into(),
            place: self.source.place(extent),
            pointer,
            message: finding.message.clone(),
            hint: finding.hint.clone(),
            extent,
        }
    }

    /// Gives findings their places, in the order of the file.
    ///
    /// Of more than [`TOLD_AT_MOST`] the worst are told; only those are looked up in the file.
    pub fn problems<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>) -> Problems {
        let mut findings: Vec<&Finding> = findings.into_iter().collect();
        findings.sort_by_key(|finding| finding.severity);
        // One more than is told, so that it is said that there is more.
        let told = findings.iter().take(TOLD_AT_MOST + 1);
        let told = told.map(|finding| self.problem(finding)).collect();
        Problems::of(self.source.clone(), told)
    }
}

/// What a pointer led to.
struct Found<'v> {
    value: &'v Value,
    key: Option<Extent>,
}

fn find<'v>(root: &'v Value, pointer: &str) -> Found<'v> {
    let mut found = Found {
        value: root,
        key: None,
    };
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        let next = match &found.value.content {
            Content::Map(_) => found.value.entry(&token).map(|entry| Found {
                value: &entry.value,
                key: Some(entry.extent),
            }),
            Content::List(items) => {
                let item = token.parse().ok().and_then(|index: usize| items.get(index));
                item.map(|value| Found { value, key: None })
            }
            Content::Scalar(_) => None,
        };
        match next {
            Some(next) => found = next,
            None => break,
        }
    }
    found
}

/// Finds what is shown for a pointer.
pub(crate) fn extent(root: &Value, pointer: &str) -> Extent {
    let found = find(root, pointer);
    shown_extent(found.value, found.key)
}

/// Chooses what is underlined: a scalar's text, but the key of a map, of a list or of nothing.
pub(crate) fn shown_extent(value: &Value, key: Option<Extent>) -> Extent {
    match (&value.content, key) {
        (Content::Scalar(_), Some(key)) if value.extent.is_empty() => key,
        (Content::Map(_) | Content::List(_), Some(key)) => key,
        (Content::Scalar(_) | Content::Map(_) | Content::List(_), _) => value.extent,
    }
}

/// Escapes a key for a JSON pointer.
pub(crate) fn escaped(token: &str) -> Cow<'_, str> {
    if token.contains(['~', '/']) {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    }
}
