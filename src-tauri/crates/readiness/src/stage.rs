//! Before what a release is asked about.

use std::{fmt, str::FromStr};

use gantry_model::id::{InvalidName, StepId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A point of a release at which people may be asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Whether to go on with the preparation.
    Readiness,
    /// Before the first change.
    Start,
    /// Before this step, which cannot be undone.
    Crossing(StepId),
    /// Before the release is declared good.
    Success,
}

impl Stage {
    /// Says it after "before": `the start`, `orders-db/contract`.
    pub fn words(&self) -> String {
        match self {
            Self::Readiness => "readiness".into(),
            Self::Start => "the start".into(),
            Self::Crossing(step) => format!("{step}, which cannot be undone"),
            Self::Success => "declaring it good".into(),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Readiness => f.pad("readiness"),
            Self::Start => f.pad("start"),
            Self::Crossing(step) => f.pad(step.as_str()),
            Self::Success => f.pad("success"),
        }
    }
}

impl FromStr for Stage {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        match text {
            "readiness" => Ok(Self::Readiness),
            "start" => Ok(Self::Start),
            "success" => Ok(Self::Success),
            step => step.parse().map(Self::Crossing).map_err(|_| InvalidName {
                kind: "stage",
                text: text.into(),
                expected: "`readiness`, `start`, `success`, or a step that cannot be undone",
            }),
        }
    }
}

impl Serialize for Stage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Stage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
