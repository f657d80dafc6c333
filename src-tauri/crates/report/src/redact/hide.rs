//! Names and addresses in free text, replaced.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Profile;

/// The keys whose text people or platforms wrote; all others are names, hashes and kinds.
const FREE: [&str; 23] = [
    "by",
    "owner",
    "message",
    "summary",
    "text",
    "reason",
    "note",
    "sentence",
    "voters",
    "to",
    "item",
    "description",
    "title",
    "reach",
    "tags",
    "name",
    "nothing",
    "comment",
    "risk",
    "approver",
    "void",
    "evidence",
    "audience",
];

/// Replaces people and addresses.
pub(super) struct Hider {
    people: Vec<(String, String)>,
}

impl Hider {
    /// Gives each person a stand-in; the same record gives the same ones.
    pub(super) fn of(profile: Profile, people: BTreeSet<String>) -> Self {
        let named = people
            .into_iter()
            .filter(|person| !person.trim().is_empty());
        let mut people: Vec<(String, String)> = named
            .enumerate()
            .map(|(at, person)| match profile {
                Profile::Customer => (person, "a person".to_owned()),
                Profile::Internal | Profile::Regulator => (person, format!("Person {}", at + 1)),
            })
            .collect();
        // The longest first: `dana@example.com` must not become `Person 1@example.com`.
        people.sort_by_key(|(person, _)| std::cmp::Reverse(person.len()));
        Self { people }
    }

    /// Replaces in all free text of a value.
    pub(super) fn hide(&self, value: &mut Value) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map.iter_mut() {
                    match inner {
                        Value::String(text) if FREE.contains(&key.as_str()) => {
                            *text = self.hidden(text);
                        }
                        Value::Array(all) if FREE.contains(&key.as_str()) => {
                            for text in all.iter_mut() {
                                if let Value::String(text) = text {
                                    *text = self.hidden(text);
                                }
                            }
                        }
                        // Facts are whatever a platform said: nothing of them is worth the risk.
                        Value::Object(facts) if key == "facts" => facts.clear(),
                        other => self.hide(other),
                    }
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|inner| self.hide(inner)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn hidden(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (person, instead) in &self.people {
            text = replaced(&text, person, instead);
        }
        let words: Vec<String> = text.split(' ').map(Self::without_address).collect();
        words.join(" ")
    }

    fn without_address(word: &str) -> String {
        let core = word.trim_matches(|letter: char| {
            !letter.is_alphanumeric() && !matches!(letter, '/' | '[' | ':' | '~')
        });
        let kind = match core {
            core if core.contains("://") => "[address]",
            core if core.contains('@') && core.contains('.') => "[mail]",
            core if is_host(core) => "[host]",
            core if core.starts_with('/') && core.matches('/').count() > 1 => "[path]",
            _ => return word.to_owned(),
        };
        word.replacen(core, kind, 1)
    }
}

/// Whether a word is an address on a network: numbers with dots, or a name with a port.
fn is_host(word: &str) -> bool {
    let (host, port) = word
        .rsplit_once(':')
        .map_or((word, None), |(h, p)| (h, Some(p)));
    let host = host.trim_matches(['[', ']']);
    let numeric =
        host.parse::<std::net::IpAddr>().is_ok() || word.parse::<std::net::IpAddr>().is_ok();
    let ported = port.is_some_and(|port| port.parse::<u16>().is_ok())
        && host.chars().any(|letter| letter.is_ascii_alphabetic())
        && host
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-.".contains(letter));
    numeric || ported
}

/// Replaces a name where it stands as a word of its own.
fn replaced(text: &str, name: &str, instead: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(name) {
        let joins = |letter: char| letter.is_alphanumeric() || letter == '_';
        let alone = !before.ends_with(joins) && !after.starts_with(joins);
        out.push_str(before);
        out.push_str(if alone { instead } else { name });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hider() -> Hider {
        let people = ["ann", "dana@example.com"].map(str::to_owned);
        Hider::of(Profile::Regulator, people.into_iter().collect())
    }

    #[test]
    fn people_have_stand_ins_where_they_are_words() {
        let hidden = hider().hidden("ann asked dana@example.com about Hannah and planning");
        assert_eq!(hidden, "Person 1 asked Person 2 about Hannah and planning");
    }

    #[test]
    fn addresses_go() {
        let hidden =
            hider().hidden("no answer from http://10.0.0.1:80/x, db-1.local:5432 or 10.0.0.7.");
        assert_eq!(hidden, "no answer from [address], [host] or [host].");
    }
}
