//! The rules of text: names, quantities, references; and the nearest known word.

use std::str::FromStr;

use gantry_model::{
    id::{
        ConnectionName, EnvironmentName, GateName, InvalidName, MetricName, Milestone, NodeId,
        ReleaseId, SecretName, ServiceName, Version,
    },
    secret::{InvalidReference, SecretReference, SecretText},
    unit::{ByteSize, InvalidQuantity, Span, Weight},
};

use crate::{problem::quoted, schema::Rule, secrecy};

/// Why a text does not fit.
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) hint: String,
}

/// Checks a text against the rule that its definition or its format names.
pub(super) fn check(rule: Rule<'_>, text: &str) -> Result<(), Refusal> {
    match rule.text("format").unwrap_or(rule.name) {
        "ReleaseId" => parsed::<ReleaseId>(text),
        "NodeId" => parsed::<NodeId>(text),
        "ServiceName" => parsed::<ServiceName>(text),
        "EnvironmentName" => parsed::<EnvironmentName>(text),
        "ConnectionName" => parsed::<ConnectionName>(text),
        "MetricName" => parsed::<MetricName>(text),
        "SecretName" => parsed::<SecretName>(text),
        "GateName" => parsed::<GateName>(text),
        "Version" => parsed::<Version>(text),
        "Milestone" => parsed::<Milestone>(text),
        "Weight" => parsed::<Weight>(text),
        "Span" => parsed::<Span>(text),
        "ByteSize" => parsed::<ByteSize>(text),
        "SecretReference" => parsed::<SecretReference>(text),
        "SecretText" => parsed::<SecretText>(text).and_then(|()| without_password(text)),
        "need" => need(text),
        "iana-time-zone" => time_zone(text),
        // Text of no rule, such as a title.
        _ => Ok(()),
    }
}

fn parsed<T: FromStr<Err: Into<Refusal>>>(text: &str) -> Result<(), Refusal> {
    text.parse::<T>().map(drop).map_err(Into::into)
}

fn need(text: &str) -> Result<(), Refusal> {
    let (node, milestone) = text.split_once(':').unwrap_or((text, "done"));
    parsed::<NodeId>(node)?;
    parsed::<Milestone>(milestone)?;
    Ok(())
}

fn time_zone(text: &str) -> Result<(), Refusal> {
    let found = chrono_tz::TZ_VARIANTS
        .iter()
        .any(|zone| zone.name() == text);
    if found {
        return Ok(());
    }
    let near = nearest(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
    Err(Refusal {
        code: "invalid-value",
        message: format!("{} is not a time zone", quoted(text)),
        hint: match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "expected an IANA name, for example `Europe/Berlin`".to_owned(),
        },
    })
}

/// Refuses an address with a literal password; `${secret:…}` is how it gets there.
fn without_password(text: &str) -> Result<(), Refusal> {
    let found = text
        .split("://")
        .skip(1)
        .any(|rest| secrecy::password_of_authority(rest).is_some());
    if !found {
        return Ok(());
    }
    Err(Refusal {
        code: secrecy::SECRET_VALUE,
        message: "an address with a password does not belong in a release file".to_owned(),
        hint: "expected `${secret:name}` in the place of the password or of the whole".to_owned(),
    })
}

impl From<InvalidName> for Refusal {
    fn from(error: InvalidName) -> Self {
        Self {
            code: "invalid-value",
            message: format!("{} is not a {}", quoted(&error.text), error.kind),
            hint: format!("expected {}", error.expected),
        }
    }
}

impl From<InvalidQuantity> for Refusal {
    fn from(error: InvalidQuantity) -> Self {
        Self {
            code: "invalid-value",
            message: format!("{} is not a {}", quoted(&error.text), error.kind),
            hint: format!("expected {}", error.expected),
        }
    }
}

impl From<InvalidReference> for Refusal {
    fn from(error: InvalidReference) -> Self {
        match error {
            InvalidReference::Malformed(text) => Self {
                code: "invalid-value",
                message: format!("{} is not a secret reference", quoted(&text)),
                hint: "expected `${secret:name}`, the name in lower case".to_owned(),
            },
            InvalidReference::Value => Self {
                code: secrecy::SECRET_VALUE,
                message: "a secret's value does not belong in a release file".to_owned(),
                hint: "the value stands in the environment or the keychain".to_owned(),
            },
        }
    }
}

/// Finds the known word that somebody most likely meant.
pub(super) fn nearest<'w>(written: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    const LONGEST: usize = 64;
    if written.len() > LONGEST {
        return None;
    }
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', ' '], "-");
    let written = plain(written);
    let scored = known.map(|word| (strsim::damerau_levenshtein(&written, &plain(word)), word));
    let (distance, word) = scored.min_by_key(|(distance, _)| *distance)?;
    let bound = (written.len().max(word.len()) / 3).max(1);
    (distance <= bound && distance < written.len()).then_some(word)
}
