//! What a schema takes, with all its choices laid side by side.

use serde_json::Value as Json;

use crate::schema::Rule;

/// Everything that may stand in one place, sorted by shape.
#[derive(Default)]
pub(super) struct Offer<'s> {
    pub(super) words: Vec<&'s str>,
    pub(super) text: Option<Rule<'s>>,
    pub(super) integer: Option<Rule<'s>>,
    pub(super) boolean: Option<Rule<'s>>,
    pub(super) null: Option<Rule<'s>>,
    pub(super) list: Option<Rule<'s>>,
    pub(super) maps: Vec<Rule<'s>>,
}

impl<'s> Offer<'s> {
    pub(super) fn of(rule: Rule<'s>) -> Self {
        let mut offer = Self::default();
        offer.add(rule);
        offer
    }

    fn add(&mut self, rule: Rule<'s>) {
        let choices = rule.list("anyOf").iter().chain(rule.list("oneOf"));
        let before = self.branches();
        choices.for_each(|choice| self.add(Rule::of(choice)));
        if self.branches() > before {
            return;
        }
        let words = rule.list("enum").iter().filter_map(Json::as_str);
        let words: Vec<_> = words.chain(rule.text("const")).collect();
        if words.is_empty() && rule.is_type("string") {
            self.text = Some(rule);
        }
        self.words.extend(words);
        if rule.is_type("object") {
            self.maps.push(rule);
        }
        for (name, slot) in [
            ("integer", &mut self.integer),
            ("boolean", &mut self.boolean),
            ("null", &mut self.null),
            ("array", &mut self.list),
        ] {
            if rule.is_type(name) {
                *slot = Some(rule);
            }
        }
    }

    fn branches(&self) -> usize {
        let single = [self.text, self.integer, self.boolean, self.null, self.list];
        self.words.len() + self.maps.len() + single.iter().flatten().count()
    }

    /// Gives the keys of which a map has precisely one, as in `docker: {…}`; nothing for other maps.
    pub(super) fn tags(&self) -> Option<Vec<&'s str>> {
        let tags: Option<Vec<&str>> = self.maps.iter().map(|rule| tag(*rule)).collect();
        tags.filter(|tags| !tags.is_empty())
    }

    /// Says what may stand there, for a person.
    pub(super) fn in_words(&self) -> String {
        let mut words = Vec::new();
        if !self.words.is_empty() {
            words.push(one_of(&self.words));
        }
        if let Some(rule) = self.text {
            words.push(in_words_of_text(rule));
        }
        if let Some(rule) = self.integer {
            words.push(format!("a whole number{}", range(rule)));
        }
        if self.boolean.is_some() {
            words.push("`true` or `false`".to_owned());
        }
        if self.list.is_some() {
            words.push("a list".to_owned());
        }
        if !self.maps.is_empty() {
            words.push(self.map_in_words());
        }
        words.join(", or ")
    }

    fn map_in_words(&self) -> String {
        match (self.tags(), self.maps.as_slice()) {
            (Some(tags), _) => format!("a map with {}", one_of(&tags)),
            (None, [rule]) => {
                let keys: Vec<_> = rule.required().collect();
                match keys.as_slice() {
                    [] => "a map".to_owned(),
                    keys => format!("a map with {}", all_of(keys)),
                }
            }
            (None, _) => "a map".to_owned(),
        }
    }
}

fn tag<'s>(rule: Rule<'s>) -> Option<&'s str> {
    let mut properties = rule.properties();
    let only = properties.next().filter(|_| properties.next().is_none())?;
    let is_required = rule.required().any(|key| key == only);
    // A map with one key of its own, such as a backend's `socket`, is an ordinary map.
    (is_required && rule.name.is_empty()).then_some(only)
}

fn in_words_of_text(rule: Rule<'_>) -> String {
    match rule.text("description").filter(|_| !rule.name.is_empty()) {
        Some(description) => lower_first(description),
        None => "text".to_owned(),
    }
}

/// Lets a sentence go on in the middle of another.
pub(super) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// Gives the bounds of a number in words, with a blank before; nothing where there are none.
pub(super) fn range(rule: Rule<'_>) -> String {
    let bound = |keyword| rule.schema.get(keyword).and_then(Json::as_i64);
    match (bound("const"), bound("minimum"), bound("maximum")) {
        (Some(only), _, _) => format!(", {only}"),
        (None, Some(least), Some(most)) => format!(" from {least} to {most}"),
        (None, Some(least), None) => format!(", {least} or more"),
        (None, None, Some(most)) => format!(", at most {most}"),
        (None, None, None) => String::new(),
    }
}

/// Joins words to `a`, `b` or `c`.
pub(super) fn one_of(words: &[&str]) -> String {
    joined(words, "or")
}

/// Joins words to `a`, `b` and `c`.
pub(super) fn all_of(words: &[&str]) -> String {
    joined(words, "and")
}

fn joined(words: &[&str], last: &str) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{} {last} {end}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}
