//! The release file, from text to release and from mangled text to sentences.

#[cfg(test)]
mod bombs;
#[cfg(test)]
mod mangled;
#[cfg(test)]
mod places;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod wording;

use std::path::{Path, PathBuf};

/// Everything that a release file can say; the file that the mangling starts from.
pub(crate) const WHOLE: &str = include_str!("../../../../../examples/whole.yaml");

/// Finds the folder of the examples.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../examples")
}
