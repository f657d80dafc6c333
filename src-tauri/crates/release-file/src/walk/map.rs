//! Maps against their keys.

use serde_json::{Map, Value as Json};

use super::{
    Spot, Walk,
    offer::{Offer, lower_first, one_of},
    word,
};
use crate::{
    problem::{self, quoted},
    schema::{self, Rule},
    yaml::Entry,
};

impl Walk {
    pub(super) fn map(
        &mut self,
        spot: Spot<'_>,
        entries: &[Entry],
        offer: &Offer<'_>,
    ) -> Option<Json> {
        if let Some(tags) = offer.tags() {
            return self.tagged(spot, entries, offer, &tags);
        }
        match super::choice::of(&offer.maps, entries) {
            Some(rule) => self.object(spot, entries, rule),
            None => self.mismatch(spot, "a map", offer),
        }
    }

    /// Checks an ordinary map: known keys, named entries, and what must not be missing.
    pub(super) fn object(
        &mut self,
        spot: Spot<'_>,
        entries: &[Entry],
        rule: Rule<'_>,
    ) -> Option<Json> {
        let most = rule.schema.get("maxProperties").and_then(Json::as_u64);
        if most.is_some_and(|most| entries.len() as u64 > most) {
            let message = format!("{} has {} entries", spot.called(), entries.len());
            let hint = format!("expected at most {}", most.unwrap_or_default());
            return self.fault("too-large", message, hint, spot.extent());
        }
        let mut object = Map::new();
        let mut whole = true;
        for entry in entries {
            match self.entry(spot, entry, rule) {
                Some(json) => {
                    object.insert(entry.key.to_string(), json);
                }
                None => whole = false,
            }
        }
        for key in rule.required() {
            if !entries.iter().any(|entry| *entry.key == *key) {
                whole = false;
                self.missing(spot, key, rule);
            }
        }
        whole.then_some(Json::Object(object))
    }

    fn entry(&mut self, map: Spot<'_>, entry: &Entry, rule: Rule<'_>) -> Option<Json> {
        let spot = Spot {
            value: &entry.value,
            name: &entry.key,
            key: Some(entry.extent),
        };
        if let Some(schema) = rule.property(&entry.key) {
            return self.inside(&entry.key, |walk| walk.value(spot, Rule::of(schema)));
        }
        let named = rule
            .map("patternProperties")
            .and_then(|map| map.iter().next());
        if let Some((pattern, schema)) = named {
            let checked = self.inside(&entry.key, |walk| walk.value(spot, Rule::of(schema)));
            return self.entry_name(map, entry, pattern).and(checked);
        }
        match rule
            .schema
            .get("additionalProperties")
            .filter(|s| s.is_object())
        {
            Some(schema) => self.inside(&entry.key, |walk| walk.value(spot, Rule::of(schema))),
            None => self.unknown_key(map, entry, rule.properties()),
        }
    }

    /// Checks a key that people choose, such as a node's id.
    fn entry_name(&mut self, map: Spot<'_>, entry: &Entry, pattern: &str) -> Option<()> {
        let name = schema::named_by_pattern(pattern)?;
        let rule = Rule {
            name,
            schema: map_key_schema(),
        };
        let Err(refusal) = word::check(rule, &entry.key) else {
            return Some(());
        };
        let message = format!(
            "{} cannot be a name in {}",
            quoted(&entry.key),
            map.called()
        );
        self.fault("invalid-name", message, refusal.hint, entry.extent)
    }

    pub(super) fn unknown_key<'s>(
        &mut self,
        map: Spot<'_>,
        entry: &Entry,
        known: impl Iterator<Item = &'s str>,
    ) -> Option<Json> {
        if self.faults.len() > problem::TOLD_AT_MOST {
            return None;
        }
        let known: Vec<&str> = known.collect();
        let message = format!("{} is not a key of {}", quoted(&entry.key), map.called());
        let hint = match (
            word::nearest(&entry.key, known.iter().copied()),
            known.as_slice(),
        ) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => format!("{} takes no keys", map.called()),
            (None, known) => format!("expected {}", one_of(known)),
        };
        self.fault("unknown-key", message, hint, entry.extent)
    }

    fn missing(&mut self, spot: Spot<'_>, key: &str, rule: Rule<'_>) {
        let message = format!("`{key}` is missing in {}", spot.called());
        let property = rule.property(key);
        let about = property
            .and_then(|p| p.get("description"))
            .and_then(Json::as_str);
        let about = lower_first(about.unwrap_or_default().trim_end_matches('.'));
        let expected = property.map(|p| Offer::of(Rule::of(p)).in_words());
        let hint = format!("{about}: {}", expected.unwrap_or_default());
        self.fault::<()>("missing-key", message, hint, spot.extent());
    }

    /// Checks a map of which one key says what it is, such as `docker: {…}`.
    fn tagged(
        &mut self,
        spot: Spot<'_>,
        entries: &[Entry],
        offer: &Offer<'_>,
        tags: &[&str],
    ) -> Option<Json> {
        let known = |entry: &&Entry| tags.contains(&&*entry.key);
        let mut checked = Vec::new();
        for entry in entries {
            let rule = offer
                .maps
                .iter()
                .find(|rule| rule.property(&entry.key).is_some());
            checked.push(match rule {
                Some(rule) => self.entry(spot, entry, *rule),
                None => self.unknown_key(spot, entry, tags.iter().copied()),
            });
        }
        let second = entries.iter().filter(known).nth(1);
        match (entries, second) {
            ([], _) => self.mismatch(spot, "empty", offer),
            (_, Some(second)) => {
                let message = format!("{} is two things at once", spot.called());
                let hint = format!("expected only one of {}", one_of(tags));
                self.fault("two-choices", message, hint, second.extent)
            }
            (entries, None) => {
                let values = checked.into_iter().collect::<Option<Vec<_>>>()?;
                let keys = entries.iter().map(|entry| entry.key.to_string());
                Some(Json::Object(keys.zip(values).collect()))
            }
        }
    }
}

/// A chosen key has no schema but its pattern; the rule of its name says the rest.
fn map_key_schema() -> &'static Json {
    &Json::Null
}
