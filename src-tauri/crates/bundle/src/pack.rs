//! Making a bundle.

use gantry_model::journal::Entry;
use gantry_readiness::{
    entry::{Person, Signed},
    heads,
};
use serde::Serialize;

use crate::{
    archive::{self, Parts},
    manifest::{Manifest, Signature, Subject, to_sign},
    part::Part,
};

/// Why a bundle cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Unpackable {
    /// Something cannot be written as JSON.
    #[error("a part of the bundle cannot be written as JSON")]
    Json(#[from] serde_json::Error),
    /// Something does not fit into an archive.
    #[error("a part of the bundle does not fit into an archive")]
    Archive(#[from] std::io::Error),
}

/// A run, its records and what was made of them.
#[derive(Clone, Debug)]
pub struct Content {
    /// What it is of.
    pub subject: Subject,
    /// The run's journal.
    pub journal: Vec<Entry>,
    /// What people did before and around the run; empty where nothing was recorded.
    pub preparation: Vec<Entry>,
    /// The same, as it was read.
    pub events: Vec<Signed>,
    /// The plan as it was stored.
    pub plan: String,
    /// The release file, where it is known.
    pub release: Option<Vec<u8>>,
    /// The reports, each under its part.
    pub reports: Parts,
}

/// A bundle that waits for the signature of who makes it.
#[derive(Clone, Debug)]
pub struct Unsigned {
    parts: Parts,
    by: Person,
    bytes: Vec<u8>,
}

impl Unsigned {
    /// Puts a bundle together.
    ///
    /// # Errors
    /// Where a part cannot be written, which no record that was read is too odd for.
    pub fn of(content: Content, by: Person) -> Result<Self, Unpackable> {
        let signed = heads::of(&content.events, &content.subject.run);
        let signers = heads::signers(&content.events);
        let mut parts = content.reports;
        let missing = match content.release {
            Some(_) => "",
            None => NO_RELEASE_FILE,
        };
        parts.insert(Part::Readme, [README, missing].concat().into_bytes());
        parts.insert(Part::Journal, lines(&content.journal));
        if !content.preparation.is_empty() {
            parts.insert(Part::Preparation, lines(&content.preparation));
        }
        parts.insert(Part::Heads, pretty(&signed)?);
        parts.insert(Part::Keys, pretty(&signers)?);
        parts.insert(Part::Plan, content.plan.into_bytes());
        if let Some(release) = content.release {
            parts.insert(Part::Release, release);
        }
        let manifest = pretty(&Manifest::of(content.subject, by.clone(), &parts))?;
        let bytes = to_sign(&manifest);
        parts.insert(Part::Manifest, manifest);
        Ok(Self { parts, by, bytes })
    }

    /// Gives the bytes that are signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Puts the signature in its place and gives the whole file.
    ///
    /// # Errors
    /// Where it does not fit into an archive.
    pub fn sign(mut self, signature: [u8; 64]) -> Result<Vec<u8>, Unpackable> {
        let signature = Signature {
            by: self.by.name,
            key: self.by.key,
            signature: hex::encode(signature),
        };
        self.parts.insert(Part::Signature, pretty(&signature)?);
        Ok(archive::write(&self.parts)?)
    }
}

/// Writes one line for each entry, as `gantry journal --json` does.
fn lines(entries: &[Entry]) -> Vec<u8> {
    let each = entries.iter();
    each.flat_map(|entry| (entry.to_line() + "\n").into_bytes())
        .collect()
}

/// Writes JSON as people read it, with a line end.
pub(crate) fn pretty<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

/// What a person who has no Gantry can do.
const README: &str = "\
This is the record of one run of a release, with what proves it.

manifest.json       all files with their SHA-256, and where the records end
manifest.sig        who made this bundle: an ed25519 signature over the line
                    \"gantry bundle 1\", a line feed, and the bytes of manifest.json
journal.ndjson      what happened, a line each; \"hash\" is the SHA-256 of the 32 bytes of the
                    hash before (zeros for the first) and the line without its \"hash\"
preparation.ndjson  what people did before and around it, chained in the same way; \"signature\"
                    is the ed25519 signature, with the key in the line, over the line
                    \"gantry preparation 1\", \"release/\" with the id of the release, the hash
                    before, and the line up to \"signature\", parted by line feeds
heads.json          where the journal stood, as people signed it at the start, at gates and at
                    the end; \"entry\" is the line of preparation.ndjson that says so
keys.json           who signed anything, with their public keys
plan.json           the plan that was run
release.yaml        the release file that the plan was made of
report.*            the report; timeline.csv has its timeline

gantry journal verify FILE     checks all of it, offline and without a workspace
--head NUMBER:sha256:...       and that a head from a report or a message is in the journal
--key DIGITS                   and that it is signed with this key

A key proves that two things were signed by the same person. Whose key it is, ask the person.
";

/// What a bundle without a release file says beside.
const NO_RELEASE_FILE: &str = "
release.yaml is not in this bundle: when this run began, its release file was not kept. plan.json
has what was done.
";
