//! A kept connection names its secrets and holds none.
//!
//! Fields that are secrets as a whole take references alone by their type; here are the texts in
//! which a secret can hide: headers, bodies, addresses with a password or a key in them.

use serde_json::Value;

/// Parts of names whose values are secrets.
const TELLING: [&str; 10] = [
    "passw",
    "pwd",
    "secret",
    "token",
    "api-key",
    "apikey",
    "access-key",
    "authorization",
    "cookie",
    "credential",
];
/// Fields that are an address and a secret in one.
const WHOLE: [&str; 2] = ["webhook", "routing-key"];
const REFERENCE: &str = "${secret:";

/// Names the first field of some settings that holds a secret's value.
pub(crate) fn value_in(settings: &Value) -> Option<String> {
    look(settings, "")
}

fn look(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::String(text) => is_value(name, text).then(|| name.to_owned()),
        Value::Array(list) => list.iter().find_map(|one| look(one, name)),
        Value::Object(fields) => fields.iter().find_map(|(key, value)| look(value, key)),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn is_value(name: &str, text: &str) -> bool {
    if text.is_empty() {
        return false;
    }
    let name = name.to_ascii_lowercase().replace('_', "-");
    let telling = is_telling(&name) || WHOLE.contains(&name.as_str());
    (telling && !text.contains(REFERENCE)) || password(text) || key_in_query(text)
}

fn is_telling(name: &str) -> bool {
    TELLING.iter().any(|part| name.contains(part))
}

/// Whether an address has a password that is no reference.
fn password(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let before = rest.get(..end).and_then(|place| place.rsplit_once('@'));
    let Some((user, _)) = before else {
        return false;
    };
    // A reference has a colon of its own.
    let user = user.replace(REFERENCE, "${secret=");
    user.split_once(':')
        .is_some_and(|(_, password)| !password.is_empty() && !password.contains("${secret="))
}

/// Whether a key that opens something stands in the query of an address.
fn key_in_query(text: &str) -> bool {
    let Some((_, query)) = text.split_once('?').filter(|_| text.contains("://")) else {
        return false;
    };
    let mut pairs = query
        .split(['&', ';'])
        .filter_map(|pair| pair.split_once('='));
    pairs.any(|(name, value)| {
        let name = name.to_ascii_lowercase().replace('_', "-");
        is_telling(&name) && !value.is_empty() && !value.contains(REFERENCE)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_found_wherever_they_hide() {
        let held = [
            json!({ "slack": { "webhook": "https://hooks.example.com/T0/B0/x" } }),
            json!({ "postgres": { "url": "postgres://app:hunter2@db/orders" } }),
            json!({ "json-http": { "url": "http://h/", "headers": { "Authorization": "Bearer abc" } } }),
            json!({ "json-http": { "url": "http://h/?api_key=abc" } }),
            json!({ "json-http": { "url": "http://h/", "headers": { "X-Api-Key": "abc" } } }),
        ];
        for settings in held {
            assert!(value_in(&settings).is_some(), "{settings}");
        }
    }

    #[test]
    fn references_and_plain_settings_pass() {
        let free = [
            json!({ "slack": { "webhook": "${secret:slack}" } }),
            json!({ "postgres": { "url": "postgres://app:${secret:db}@db/orders" } }),
            json!({ "postgres": { "url": "postgres://app@db/orders" } }),
            json!({ "json-http": { "url": "http://h/?of={{version}}", "headers": { "Authorization": "Bearer ${secret:t}" } } }),
            json!({ "docker": { "host": "unix:///var/run/docker.sock" } }),
            json!({ "smtp": { "host": "mail", "port": 587, "user": "gantry", "password": "${secret:smtp}" } }),
        ];
        for settings in free {
            assert_eq!(value_in(&settings), None, "{settings}");
        }
    }
}
