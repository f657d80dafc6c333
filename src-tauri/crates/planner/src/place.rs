//! Where in the release something stands, and what is said about it.

use std::fmt::Display;

use gantry_model::{
    id::NodeId,
    plan::{Finding, Severity},
};

/// A place in the release: the node it belongs to and the JSON pointer.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    node: Option<NodeId>,
    pointer: String,
}

impl Place {
    /// A key at the top of the release.
    pub(crate) fn top(key: &str) -> Self {
        Self {
            node: None,
            pointer: format!("/{key}"),
        }
    }

    /// A node.
    pub(crate) fn of_node(id: &NodeId) -> Self {
        Self {
            node: Some(id.clone()),
            pointer: format!("/nodes/{id}"),
        }
    }

    /// What stands below under a key or a number.
    pub(crate) fn at(&self, key: impl Display) -> Self {
        let key = key.to_string().replace('~', "~0").replace('/', "~1");
        Self {
            node: self.node.clone(),
            pointer: format!("{}/{key}", self.pointer),
        }
    }

    /// The release cannot go on like this.
    pub(crate) fn error(&self, code: &str, message: String, hint: impl Into<String>) -> Finding {
        self.finding((Severity::Error, code), message, hint.into())
    }

    /// Somebody should look.
    pub(crate) fn warning(&self, code: &str, message: String, hint: impl Into<String>) -> Finding {
        self.finding((Severity::Warning, code), message, hint.into())
    }

    /// Good to know.
    pub(crate) fn note(&self, code: &str, message: String, hint: impl Into<String>) -> Finding {
        self.finding((Severity::Note, code), message, hint.into())
    }

    fn finding(
        &self,
        (severity, code): (Severity, &str),
        message: String,
        hint: String,
    ) -> Finding {
        Finding {
            severity,
            code: code.into(),
            node: self.node.clone(),
            pointer: Some(self.pointer.clone()),
            message,
            hint,
        }
    }
}
