//! The JSON Schema of a release file, generated from the types of the model.

use std::sync::LazyLock;

use gantry_model::release::Release;
use serde_json::{Map, Value};

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = schemars::schema_for!(Release).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".into(), "urn:gantry:release-file:1".into());
        object.insert("title".into(), "Gantry release file".into());
    }
    schema
});

/// Gives the JSON Schema (draft 2020-12) of a release file; editors complete and check with it.
pub fn schema() -> &'static Value {
    &SCHEMA
}

/// A schema with the name under which it was referred to.
#[derive(Clone, Copy)]
pub(crate) struct Rule<'s> {
    /// The name in `$defs`; empty for a schema that stands where it is used.
    pub(crate) name: &'s str,
    pub(crate) schema: &'s Value,
}

impl<'s> Rule<'s> {
    /// Follows references to the schema itself.
    pub(crate) fn of(schema: &'s Value) -> Self {
        let mut rule = Self { name: "", schema };
        while let Some(name) = rule.text("$ref").and_then(|r| r.strip_prefix("#/$defs/")) {
            let Some(next) = definition(name) else { break };
            rule = Self { name, schema: next };
        }
        rule
    }

    pub(crate) fn text(&self, keyword: &str) -> Option<&'s str> {
        self.schema.get(keyword)?.as_str()
    }

    pub(crate) fn list(&self, keyword: &str) -> &'s [Value] {
        let list = self.schema.get(keyword).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }

    pub(crate) fn map(&self, keyword: &str) -> Option<&'s Map<String, Value>> {
        self.schema.get(keyword)?.as_object()
    }

    pub(crate) fn property(&self, key: &str) -> Option<&'s Value> {
        self.map("properties")?.get(key)
    }

    pub(crate) fn properties(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let properties = self.map("properties").into_iter().flat_map(Map::keys);
        properties.map(String::as_str)
    }

    pub(crate) fn required(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        self.list("required").iter().filter_map(Value::as_str)
    }

    /// Tells whether `type` names a type, alone or in a list.
    pub(crate) fn is_type(&self, name: &str) -> bool {
        self.text("type") == Some(name)
            || self.list("type").iter().any(|t| t.as_str() == Some(name))
    }
}

fn definition(name: &str) -> Option<&'static Value> {
    schema().get("$defs")?.get(name)
}

/// Finds the name of a definition with this pattern; keys of maps are known by their pattern alone.
pub(crate) fn named_by_pattern(pattern: &str) -> Option<&'static str> {
    let definitions = schema().get("$defs")?.as_object()?;
    let found = definitions
        .iter()
        .find(|(_, schema)| schema.get("pattern").and_then(Value::as_str) == Some(pattern));
    found.map(|(name, _)| name.as_str())
}
