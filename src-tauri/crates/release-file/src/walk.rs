//! The tree against the schema: every problem at once, and the release where there is none.
//!
//! The schema decides what a scalar is: where it wants text, `1.10` stays `1.10`. Choices
//! (`anyOf`, `oneOf`) are taken by the shape of what was written, so that a problem inside of a
//! choice is told as precisely as any other.

mod choice;
mod list;
mod map;
mod offer;
mod scalar;
mod word;

use std::sync::Arc;

use gantry_model::release::Release;
use serde_json::Value as Json;

use crate::{
    document,
    problem::{self, Fault, quoted},
    schema::{self, Rule},
    source::Extent,
    yaml::{Content, Value},
};
use offer::Offer;

/// Makes the release; where there are faults, they are given instead, all of them.
pub(crate) fn release(root: &Arc<Value>, faults: Vec<Fault>) -> (Option<Release>, Vec<Fault>) {
    let mut walk = Walk {
        faults,
        pointer: String::new(),
    };
    let json = walk.value(Spot::root(root), Rule::of(schema::schema()));
    let Some(json) = json.filter(|_| walk.faults.is_empty()) else {
        return (None, walk.faults);
    };
    match serde_path_to_error::deserialize(json) {
        Ok(release) => (Some(release), Vec::new()),
        Err(error) => {
            walk.left_over(root, &error);
            (None, walk.faults)
        }
    }
}

/// A value and the key or list place that leads to it.
#[derive(Clone, Copy)]
struct Spot<'v> {
    value: &'v Value,
    /// What sentences call it: its key.
    name: &'v str,
    key: Option<Extent>,
}

impl<'v> Spot<'v> {
    fn root(value: &'v Value) -> Self {
        Self {
            value,
            name: "the file",
            key: None,
        }
    }

    /// Gives what is underlined: the text of a scalar, the key of anything larger or of nothing.
    fn extent(&self) -> Extent {
        document::shown_extent(self.value, self.key)
    }

    fn called(&self) -> String {
        match self.key {
            Some(_) => quoted(self.name),
            None => self.name.to_owned(),
        }
    }
}

struct Walk {
    faults: Vec<Fault>,
    pointer: String,
}

impl Walk {
    /// Checks a value and gives it as JSON; nothing where anything in it is wrong.
    fn value(&mut self, spot: Spot<'_>, rule: Rule<'_>) -> Option<Json> {
        if self.faults.len() > problem::TOLD_AT_MOST {
            return None;
        }
        if let Some(tag) = &spot.value.tag {
            let message = format!("the tag {} has no meaning here", quoted(tag));
            return self.fault("unknown-tag", message, "leave it out", spot.extent());
        }
        let offer = Offer::of(rule);
        match &spot.value.content {
            Content::Scalar(text) => self.scalar(spot, text, &offer),
            Content::List(items) => self.list(spot, items, &offer),
            Content::Map(entries) => self.map(spot, entries, &offer),
        }
    }

    /// Walks into a key or list place and out again.
    fn inside<T>(&mut self, token: &str, walk: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer += &document::escaped(token);
        let result = walk(self);
        self.pointer.truncate(length);
        result
    }

    /// Notes a fault; always gives nothing, the value that a faulty thing has.
    fn fault<T>(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
        extent: Extent,
    ) -> Option<T> {
        self.faults.push(Fault {
            code,
            message: message.into(),
            hint: hint.into(),
            extent,
            earlier: None,
            pointer: self.pointer.clone(),
        });
        None
    }

    /// Tells that a value has the wrong type.
    fn mismatch<T>(&mut self, spot: Spot<'_>, is: &str, offer: &Offer<'_>) -> Option<T> {
        let message = format!("{} is {is}", spot.called());
        let hint = format!("expected {}", offer.in_words());
        self.fault("wrong-type", message, hint, spot.extent())
    }

    /// Places what the schema lets pass and the types refuse.
    fn left_over(&mut self, root: &Value, error: &serde_path_to_error::Error<serde_json::Error>) {
        let tokens = error.path().iter().filter_map(|segment| match segment {
            serde_path_to_error::Segment::Seq { index } => Some(index.to_string()),
            serde_path_to_error::Segment::Map { key } => Some(document::escaped(key).into_owned()),
            serde_path_to_error::Segment::Enum { .. } | serde_path_to_error::Segment::Unknown => {
                None
            }
        });
        self.pointer = tokens.map(|token| format!("/{token}")).collect();
        let extent = document::extent(root, &self.pointer);
        let words = error.inner().to_string();
        let (message, hint) = words.split_once(": expected ").unwrap_or((&words, ""));
        let hint = match hint {
            "" => String::new(),
            hint => format!("expected {hint}"),
        };
        self.fault::<()>("invalid-value", message, hint, extent);
    }
}
