//! Version requirements, and versions that are not quite semantic.

use gantry_model::id::Version;
use semver::VersionReq;

/// What a version must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Requirement {
    text: String,
    comparison: VersionReq,
}

impl Requirement {
    /// Reads a requirement like `>=1.8`; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(Self {
            text: text.trim().into(),
            comparison: VersionReq::parse(text.trim()).ok()?,
        })
    }

    /// Says whether a version meets it; `None` where the version cannot be compared.
    pub(crate) fn met_by(&self, version: &Version) -> Option<bool> {
        if self.text == version.as_str() {
            return Some(true);
        }
        Some(self.comparison.matches(&semantic(version)?))
    }
}

/// Reads a version; `7.1` is 7.1.0 and a leading `v` is nothing.
pub(crate) fn semantic(version: &Version) -> Option<semver::Version> {
    let text = version.as_str();
    let text = text.strip_prefix('v').unwrap_or(text);
    let padded = || {
        let numbers = text.split('.');
        let plain = numbers
            .clone()
            .all(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let missing = 3_usize.checked_sub(numbers.count())?;
        plain.then(|| format!("{text}{}", ".0".repeat(missing)))
    };
    let parsed = semver::Version::parse(text).ok();
    parsed.or_else(|| semver::Version::parse(&padded()?).ok())
}

/// The hint for a requirement that cannot be read.
pub(crate) const EXPECTED: &str = "write a version requirement, for example `>=1.8` or `^2.1`";
