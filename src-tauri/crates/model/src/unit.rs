//! Weights, durations and sizes, each with the text a person writes and the number a machine reads.

use std::{borrow::Cow, fmt, ops::Add, str::FromStr, time::Duration};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A quantity whose text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind}: expected {expected}")]
pub struct InvalidQuantity {
    /// What the text was meant to be.
    pub kind: &'static str,
    /// The offending text.
    pub text: String,
    /// The rule in words, with an example.
    pub expected: &'static str,
}

/// A share of traffic in basis points: 0 to 10000, where 10000 is 100 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weight(u16);

impl Weight {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Everything.
    pub const FULL: Self = Self(10_000);

    /// Builds a weight from basis points; `None` above 10000.
    pub fn from_basis_points(points: u16) -> Option<Self> {
        (points <= 10_000).then_some(Self(points))
    }

    /// Gives the basis points.
    pub fn basis_points(self) -> u16 {
        self.0
    }

    /// Gives what is left for the other side.
    pub fn complement(self) -> Self {
        Self(10_000 - self.0)
    }

    /// Gives the share as a fraction of one.
    pub fn fraction(self) -> f64 {
        f64::from(self.0) / 10_000.0
    }
}

impl FromStr for Weight {
    type Err = InvalidQuantity;

    fn from_str(text: &str) -> Result<Self, InvalidQuantity> {
        percent_basis_points(text)
            .and_then(Self::from_basis_points)
            .ok_or_else(|| InvalidQuantity {
                kind: "weight",
                text: text.into(),
                expected: "a percentage from 0% to 100%, for example `25%` or `0.5%`",
            })
    }
}

/// Reads `25%` or `0.5%` (at most two decimals) as basis points.
fn percent_basis_points(text: &str) -> Option<u16> {
    let number = text.strip_suffix('%')?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |t: &str| !t.is_empty() && t.len() <= 5 && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
        return None;
    }
    let hundredths = match decimals.len() {
        1 => decimals.parse::<u32>().ok()? * 10,
        _ => decimals.parse::<u32>().ok()?,
    };
    u16::try_from(whole.parse::<u32>().ok()? * 100 + hundredths).ok()
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        let text = match (rest, rest % 10) {
            (0, _) => format!("{whole}%"),
            (_, 0) => format!("{whole}.{}%", rest / 10),
            _ => format!("{whole}.{rest:02}%"),
        };
        f.pad(&text)
    }
}

/// A duration in milliseconds, written `90s`, `15m` or `1h30m`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// Builds a span from milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Builds a span from seconds.
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Gives the milliseconds.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Gives the standard library's duration.
    pub const fn as_duration(self) -> Duration {
        Duration::from_millis(self.0)
    }

    /// Gives chrono's duration, capped at what it can hold.
    pub fn as_delta(self) -> chrono::TimeDelta {
        i64::try_from(self.0)
            .ok()
            .and_then(chrono::TimeDelta::try_milliseconds)
            .unwrap_or(chrono::TimeDelta::MAX)
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Self::add)
    }
}

/// A year of 366 days: longer bakes or timeouts are a slip of the pen.
const LONGEST: u64 = 366 * 24 * 3600 * 1000;

impl FromStr for Span {
    type Err = InvalidQuantity;

    fn from_str(text: &str) -> Result<Self, InvalidQuantity> {
        humantime::parse_duration(text)
            .ok()
            .and_then(|duration| u64::try_from(duration.as_millis()).ok())
            .filter(|millis| *millis <= LONGEST)
            .map(Self)
            .ok_or_else(|| InvalidQuantity {
                kind: "duration",
                text: text.into(),
                expected: "a duration up to 366 days, for example `90s`, `15m` or `1h30m`",
            })
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = humantime::format_duration(self.as_duration()).to_string();
        f.pad(&text.replace(' ', ""))
    }
}

/// A number of bytes, written `10MiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(u64);

impl ByteSize {
    /// Builds a size from bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// Gives the bytes.
    pub const fn as_bytes(self) -> u64 {
        self.0
    }
}

const SIZES: [(&str, u64); 4] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("B", 1),
];

impl FromStr for ByteSize {
    type Err = InvalidQuantity;

    fn from_str(text: &str) -> Result<Self, InvalidQuantity> {
        SIZES
            .iter()
            .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))
            .and_then(|(number, factor)| number.parse::<u64>().ok()?.checked_mul(*factor))
            .map(Self)
            .ok_or_else(|| InvalidQuantity {
                kind: "size",
                text: text.into(),
                expected: "a whole number with B, KiB, MiB or GiB, for example `10MiB`",
            })
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fitting = SIZES
            .iter()
            .find(|(_, factor)| self.0 >= *factor && self.0.is_multiple_of(*factor));
        let (unit, factor) = fitting.copied().unwrap_or(("B", 1));
        f.pad(&format!("{}{unit}", self.0 / factor))
    }
}

/// Writes the text form for serde and the schema of a quantity; kept as a macro so that the three agree.
macro_rules! as_text {
    ($name:ident, $pattern:literal, $description:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
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
                json_schema!({ "type": "string", "pattern": $pattern, "description": $description })
            }
        }
    };
}

as_text!(
    Weight,
    r"^\d{1,3}(\.\d{1,2})?%$",
    "A percentage from 0% to 100%, for example `25%`"
);
as_text!(
    Span,
    r"^(\d+ *[a-z]+ *)+$",
    "A duration, for example `90s`, `15m` or `1h30m`"
);
as_text!(
    ByteSize,
    r"^\d+(B|KiB|MiB|GiB)$",
    "A size, for example `10MiB`"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_read_back_what_they_print() {
        for text in ["0%", "5%", "0.5%", "0.05%", "33.33%", "100%"] {
            assert_eq!(text.parse::<Weight>().unwrap().to_string(), text);
        }
        for text in ["90s", "15m", "1h30m", "250ms", "0s"] {
            let span = text.parse::<Span>().unwrap();
            assert_eq!(span.to_string().parse::<Span>().unwrap(), span);
        }
        for text in ["1B", "10MiB", "3GiB", "1025B"] {
            assert_eq!(text.parse::<ByteSize>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "", "%", "5", "101%", "-1%", "1e2%", "0.123%", "5 %", ".5%", "5.%",
        ] {
            assert!(text.parse::<Weight>().is_err(), "{text}");
        }
        for text in ["", "5", "-1s", "999999999y", "1e9s"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
