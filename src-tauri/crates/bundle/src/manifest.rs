//! What a bundle says of itself.

use gantry_model::{
    digest::Digest,
    id::{ReleaseId, RunId},
    journal::Head,
};
use gantry_readiness::entry::{Person, PublicKey};
use serde::{Deserialize, Serialize};

use crate::{
    archive::Parts,
    broken::{Broken, Reason},
    part::Part,
};

/// The latest form of bundles; higher only when an older program would misread one.
pub const FORM: u32 = 1;
/// What stands in every manifest, so that nothing else is taken for one.
const KIND: &str = "gantry-bundle";
/// Keeps these signatures from being taken for any others.
const DOMAIN: &str = "gantry bundle 1";

/// All files of a bundle with their hashes, and what they are of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `gantry-bundle`.
    pub kind: String,
    /// The form.
    pub form: u32,
    /// The release.
    pub release: ReleaseId,
    /// The run.
    pub run: RunId,
    /// The plan's hash.
    pub plan: Digest,
    /// Where the journal ends.
    pub journal: Head,
    /// Where the preparation's record ends; nothing was recorded where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preparation: Option<Head>,
    /// Who made the bundle, and signed this.
    pub by: Person,
    /// The files, all but this one and its signature.
    pub files: Vec<Listed>,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its hash.
    pub sha256: Digest,
}

/// What a bundle is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The run.
    pub run: RunId,
    /// The plan's hash.
    pub plan: Digest,
    /// Where the journal ends.
    pub journal: Head,
    /// Where the preparation's record ends.
    pub preparation: Option<Head>,
}

/// The signature of a manifest, as it stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    pub(crate) by: String,
    pub(crate) key: PublicKey,
    pub(crate) signature: String,
}

impl Manifest {
    /// Lists parts.
    pub(crate) fn of(subject: Subject, by: Person, parts: &Parts) -> Self {
        let listed = |(part, bytes): (&Part, &Vec<u8>)| Listed {
            name: part.name().to_owned(),
            bytes: bytes.len() as u64,
            sha256: Digest::of(bytes),
        };
        Self {
            kind: KIND.to_owned(),
            form: FORM,
            release: subject.run.release().clone(),
            run: subject.run,
            plan: subject.plan,
            journal: subject.journal,
            preparation: subject.preparation,
            by,
            files: parts.iter().map(listed).collect(),
        }
    }

    /// Reads a manifest; of a later form, nothing is taken.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Broken> {
        #[derive(Deserialize)]
        struct Form {
            kind: String,
            form: u32,
        }
        let place = Part::Manifest.name();
        let unreadable = |error: serde_json::Error| Reason::Unreadable(error.to_string()).at(place);
        let form: Form = serde_json::from_slice(bytes).map_err(unreadable)?;
        if form.kind != KIND {
            return Err(Reason::NotABundle.at(place));
        }
        if form.form > FORM {
            let (found, known) = (form.form, FORM);
            return Err(Reason::Newer { found, known }.at(place));
        }
        serde_json::from_slice(bytes).map_err(unreadable)
    }
}

/// Gives the bytes that are signed for a manifest.
pub(crate) fn to_sign(manifest: &[u8]) -> Vec<u8> {
    [DOMAIN.as_bytes(), b"\n", manifest].concat()
}
