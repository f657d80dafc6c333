//! Secrets: references in files, values that print as stars.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::id::SecretName;

/// A value that must never be seen: its `Debug` and `Display` print stars, and it cannot be serialized.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Gives the value to the one place that needs it, at the edge.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Why a text with secret references cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReference {
    /// An opening `${` without its `}` or with another word than `secret:`.
    #[error("`{0}` is not a secret reference: expected `${{secret:name}}`")]
    Malformed(String),
    /// A place that takes nothing but a reference holds something else.
    #[error("a secret's value does not belong in a release file: expected `${{secret:name}}`")]
    Value,
}

/// Text in which `${secret:name}` stands for a secret's value, for example a URL with a password.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretText {
    text: String,
    names: Vec<SecretName>,
}

impl SecretText {
    /// Gives the text with its references unresolved; this is what may be shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Gives the secrets that are referred to.
    pub fn names(&self) -> &[SecretName] {
        &self.names
    }

    /// Puts the values in the place of the references, asking `value_of` for each.
    ///
    /// # Errors
    /// Whatever `value_of` answers for the first secret it cannot give.
    pub fn resolve<E>(
        &self,
        mut value_of: impl FnMut(&SecretName) -> Result<Secret<String>, E>,
    ) -> Result<Secret<String>, E> {
        let mut text = self.text.clone();
        for name in &self.names {
            text = text.replace(&format!("${{secret:{name}}}"), value_of(name)?.expose());
        }
        Ok(Secret::new(text))
    }
}

impl FromStr for SecretText {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let mut names = Vec::new();
        for opened in text.split("${").skip(1) {
            let malformed = || InvalidReference::Malformed(format!("${{{opened}"));
            let (inside, _) = opened.split_once('}').ok_or_else(malformed)?;
            let name = inside.strip_prefix("secret:").ok_or_else(malformed)?;
            names.push(name.parse().map_err(|_| malformed())?);
        }
        names.sort();
        names.dedup();
        Ok(Self {
            text: text.into(),
            names,
        })
    }
}

/// A whole value that is a secret: nothing but one `${secret:name}` is taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretReference(SecretText);

impl SecretReference {
    /// Gives the text form, for resolving.
    pub fn text(&self) -> &SecretText {
        &self.0
    }
}

impl FromStr for SecretReference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let parsed: SecretText = text.parse()?;
        match parsed.names() {
            [name] if text == format!("${{secret:{name}}}") => Ok(Self(parsed)),
            _ => Err(InvalidReference::Value),
        }
    }
}

/// Writes the serde and schema sides of a text type; a macro so that the two types agree.
macro_rules! as_text {
    ($name:ident, $text:expr, $schema:tt) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text: fn(&Self) -> &str = $text;
                serializer.serialize_str(text(self))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?
                    .parse()
                    .map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

as_text!(SecretText, |s| s.as_str(), {
    "type": "string",
    "description": "Text in which `${secret:name}` stands for a secret"
});
as_text!(SecretReference, |s| s.0.as_str(), {
    "type": "string",
    "pattern": r"^\$\{secret:[a-z0-9.-]+\}$",
    "description": "A secret by reference: `${secret:name}`"
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_stars() {
        assert_eq!(
            format!("{:?} {}", Secret::new("x"), Secret::new("x")),
            "*** ***"
        );
    }

    #[test]
    fn a_value_is_refused_where_a_reference_belongs() {
        assert_eq!(
            "hunter2".parse::<SecretReference>(),
            Err(InvalidReference::Value)
        );
        assert!("${secret:smtp}".parse::<SecretReference>().is_ok());
    }

    #[test]
    fn references_are_put_in_place() {
        let text: SecretText = "a://u:${secret:p}@h/${secret:p}".parse().unwrap();
        let value = text
            .resolve(|_| Ok::<_, ()>(Secret::new("v".to_owned())))
            .unwrap();
        assert_eq!(value.expose(), "a://u:v@h/v");
        assert!("${env:HOME}".parse::<SecretText>().is_err());
    }
}
