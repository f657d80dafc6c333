//! What is wrong with a bundle, and where.

use gantry_model::{digest::Digest, verify};

/// The first thing that is wrong with a bundle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Broken {
    /// Where: a file of the bundle with the line or the entry, or a byte of the whole.
    pub place: String,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The bytes are of something else.
    #[error("this is not a bundle that `gantry export` wrote")]
    NotABundle,
    /// The end is missing.
    #[error("the bundle ends here, before its end")]
    Cut,
    /// There is something behind the end.
    #[error("the bundle goes on behind its end")]
    Longer,
    /// A byte outside of all files is not what it was.
    #[error("a byte between the files is not what it was")]
    Between,
    /// A name that leads somewhere else when it is unpacked.
    #[error("the name leads out of the folder that a bundle is unpacked into; nothing was written")]
    Outside,
    /// A link, a device, or something packed in another way.
    #[error("this is not a plain file")]
    NotPlain,
    /// A name that no bundle has.
    #[error("no bundle has a file of this name")]
    Stranger,
    /// A file stands there twice, or in another place than it should.
    #[error("the file stands there twice or out of its order")]
    Misplaced,
    /// A file is missing.
    #[error("the file is missing")]
    Missing,
    /// A file is not listed in the manifest.
    #[error("the manifest does not list this file")]
    Unlisted,
    /// A file was changed.
    #[error("the file does not match the hash that the manifest has of it")]
    Changed,
    /// The manifest, or another file that is made of it, cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// The manifest is of a later form than this program knows.
    #[error("it is of form {found}, and this program knows {known}: use a newer one")]
    Newer {
        /// The form of the bundle.
        found: u32,
        /// The latest form that is known.
        known: u32,
    },
    /// The manifest is not signed by who it names.
    #[error("the manifest is not signed with the key of {by} that it names")]
    Signature {
        /// Who.
        by: String,
    },
    /// The manifest is signed with another key than the one that was expected.
    #[error("the bundle is signed with the key {found}…, not with {expected}…")]
    OtherKey {
        /// The first digits of the key.
        found: String,
        /// The first digits of the expected one.
        expected: String,
    },
    /// The journal or the preparation's record is not whole.
    #[error("{0}")]
    Record(verify::Reason),
    /// An entry of the preparation's record is not signed by who it names.
    #[error("the entry is not signed with the key of {by} that it names")]
    Untrue {
        /// Who.
        by: String,
    },
    /// A head that somebody signed is not in the journal.
    #[error("{by} signed entry {seq} of the journal with another hash: {reason}")]
    SignedHead {
        /// Who.
        by: String,
        /// Which entry.
        seq: u64,
        /// What is wrong there.
        reason: verify::Reason,
    },
    /// What the plan says to do does not have the hash that the journal names.
    #[error("the plan has the hash {found}, and {expected} is what was run: it was changed")]
    PlanHash {
        /// The hash that its nodes and steps have.
        found: Digest,
        /// The hash that the journal names.
        expected: Digest,
    },
    /// It does not say the same as the records that it was made of.
    #[error("it does not say the same as {0}")]
    Contradicts(&'static str),
}

impl Reason {
    /// Gives a stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotABundle => "not-a-bundle",
            Self::Cut => "cut",
            Self::Longer => "longer",
            Self::Between => "changed-between-files",
            Self::Outside => "path-outside",
            Self::NotPlain => "not-plain",
            Self::Stranger => "unknown-file",
            Self::Misplaced => "misplaced-file",
            Self::Missing => "missing-file",
            Self::Unlisted => "unlisted-file",
            Self::Changed => "changed-file",
            Self::Unreadable(_) => "unreadable",
            Self::Newer { .. } => "newer-form",
            Self::Signature { .. } => "wrong-signature",
            Self::OtherKey { .. } => "other-key",
            Self::Record(_) => "record-not-whole",
            Self::Untrue { .. } => "wrong-entry-signature",
            Self::SignedHead { .. } => "signed-head-lost",
            Self::PlanHash { .. } => "plan-hash",
            Self::Contradicts(_) => "contradiction",
        }
    }

    pub(crate) fn at(self, place: impl Into<String>) -> Broken {
        Broken {
            place: place.into(),
            reason: self,
        }
    }
}
