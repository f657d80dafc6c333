//! Values that look like secrets become references.

use gantry_model::secret::SecretText;

use super::name::slug_text;

/// Parts of a variable's name that say that its value is a secret.
const TELLING: [&str; 9] = [
    "PASSWORD",
    "PASSWD",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "API_KEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
    "CREDENTIAL",
];

/// What stands in the release file for a value of an environment.
pub(super) enum Kept {
    /// The value itself.
    Value,
    /// A reference to a secret of this name.
    Reference(String),
}

/// Decides whether a value may stand in a release file.
pub(super) fn kept(service: &str, key: &str, value: &str) -> Kept {
    if value.is_empty() || (!is_secret(key, value) && value.parse::<SecretText>().is_ok()) {
        return Kept::Value;
    }
    let name: String = slug_text(&format!("{service}-{key}"))
        .replace('.', "-")
        .chars()
        .take(63)
        .collect();
    Kept::Reference(name.trim_end_matches('-').to_owned())
}

fn is_secret(key: &str, value: &str) -> bool {
    let key = key.to_ascii_uppercase();
    let lower = value.to_ascii_lowercase();
    TELLING.iter().any(|word| key.contains(word))
        || ["password=", "passwd=", "pwd=", "secret=", "token="]
            .iter()
            .any(|word| lower.contains(word))
        || has_password(value)
}

/// Finds `scheme://user:password@host`.
fn has_password(value: &str) -> bool {
    value.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', ' ']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.is_some_and(|user| user.contains(':'))
    })
}
