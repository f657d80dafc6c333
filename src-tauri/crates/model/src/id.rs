//! The one registry of ids and names.
//!
//! Each name is its own type with a private field; `FromStr` is the only door and `Deserialize`
//! goes through it, so no function re-checks a name.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A name that does not fit its alphabet or length.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {kind}: expected {expected}")]
pub struct InvalidName {
    /// What the text was meant to name, for example "node id".
    pub kind: &'static str,
    /// The offending text.
    pub text: String,
    /// The rule in words.
    pub expected: &'static str,
}

const SLUG: &str = "1 to 63 of a-z, 0-9, `-` and `.`, starting and ending with a letter or digit";
const SLUG_PATTERN: &str = "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$";
const LABEL: &str = "1 to 100 letters, digits, `-`, `_`, `.`, `%`, starting with a letter or digit";
const LABEL_PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9._%-]{0,99}$";

fn is_slug(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let outer = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.len() <= 63
        && text.bytes().all(inner)
        && text.as_bytes().first().is_some_and(outer)
        && text.as_bytes().last().is_some_and(outer)
}

fn is_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'%');
    text.len() <= 100
        && text.bytes().all(inner)
        && text
            .as_bytes()
            .first()
            .is_some_and(u8::is_ascii_alphanumeric)
}

/// Defines a checked name; exists only so that the six impls are not written out for each.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $check:ident, $expected:ident, $pattern:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Gives the name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, InvalidName> {
                if $check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidName { kind: $kind, text: text.into(), expected: $expected })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": concat!("A ", $kind) })
            }
        }
    };
}

name!(/// Names a release, for example `shop-2.4`.
    ReleaseId, "release id", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names a node of a release, unique in its file.
    NodeId, "node id", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names a service, the thing that is deployed and that others depend on.
    ServiceName, "service name", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names an environment, for example `production`.
    EnvironmentName, "environment name", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names a connection of the release file.
    ConnectionName, "connection name", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names a metric of the release file.
    MetricName, "metric name", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names a secret; the value lives in the environment or the keychain.
    SecretName, "secret name", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names a gate that needs approval, for example `start` or `contract`.
    GateName, "gate name", is_slug, SLUG, SLUG_PATTERN);
name!(/// Names a version of a service; not necessarily a semantic version.
    Version, "version", is_label, LABEL, LABEL_PATTERN);
name!(/// Names a point in a node's life that others can need, for example `expanded` or `10%`.
    Milestone, "milestone", is_label, LABEL, LABEL_PATTERN);

impl Milestone {
    /// The milestone that every node has and that a bare `needs: [node]` means.
    pub fn done() -> Self {
        Self("done".into())
    }
}

impl GateName {
    /// The gate before the step that takes the old shape of a database away.
    pub fn contract() -> Self {
        Self("contract".into())
    }
}

/// A node that names no service is its own: both names share one alphabet.
impl From<&NodeId> for ServiceName {
    fn from(node: &NodeId) -> Self {
        Self(node.0.clone())
    }
}

impl Default for EnvironmentName {
    fn default() -> Self {
        Self("default".into())
    }
}

/// Names a step inside a plan: `node/step`, for example `orders/shift-500`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(Box<str>);

impl StepId {
    /// Builds the id of the step called `name` of `node`; `name` is a word of ours, never input.
    pub fn new(node: &NodeId, name: &str) -> Self {
        Self(format!("{node}/{name}").into())
    }

    /// Gives the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the part behind the slash.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or(&*self.0, |(_, name)| name)
    }
}

impl FromStr for StepId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        match text.split_once('/') {
            Some((node, name)) if is_slug(node) && is_label(name) => Ok(Self(text.into())),
            Some(_) | None => Err(InvalidName {
                kind: "step id",
                text: text.into(),
                expected: "`node/step`",
            }),
        }
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for StepId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for StepId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// Names one run of a release: the first is `id`, later ones `id#2`, `id#3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId {
    release: ReleaseId,
    number: u32,
}

impl RunId {
    /// Builds the id of the `number`th run of a release, counted from 1.
    pub fn new(release: ReleaseId, number: u32) -> Self {
        Self {
            release,
            number: number.max(1),
        }
    }

    /// Gives the release that this is a run of.
    pub fn release(&self) -> &ReleaseId {
        &self.release
    }

    /// Gives the number of the run, counted from 1.
    pub fn number(&self) -> u32 {
        self.number
    }
}

impl FromStr for RunId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let (release, number) = text.split_once('#').unwrap_or((text, "1"));
        let invalid = || InvalidName {
            kind: "run",
            text: text.into(),
            expected: "a release id, or `id#2` for its second run",
        };
        let number = number.parse().ok().filter(|n| *n > 0).ok_or_else(invalid)?;
        Ok(Self {
            release: release.parse().map_err(|_| invalid())?,
            number,
        })
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.number == 1 {
            f.pad(self.release.as_str())
        } else {
            f.pad(&format!("{}#{}", self.release, self.number))
        }
    }
}

impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_id_reads_back_what_it_prints() {
        for text in ["shop-2.4", "shop-2.4#2"] {
            assert_eq!(text.parse::<RunId>().unwrap().to_string(), text);
        }
        assert!("shop#0".parse::<RunId>().is_err());
    }

    #[test]
    fn names_outside_the_alphabet_are_refused_with_the_rule() {
        for text in ["", "Shop", "a b", "-a", "a-", "ä", &"a".repeat(64)] {
            let error = text.parse::<NodeId>().unwrap_err();
            assert!(error.to_string().contains("expected 1 to 63"), "{error}");
        }
    }
}
