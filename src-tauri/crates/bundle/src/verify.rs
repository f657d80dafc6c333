//! Looking at a bundle that came from anywhere: no workspace, no network, no files.

use gantry_model::{
    digest::Digest,
    event::{Happened, RunEvent},
    journal::{Entry, Head},
    plan::Plan,
    seal,
    verify::chain::{Chain, NotedHead},
};
use gantry_readiness::{
    entry::{self, Person, Signed, Untrue},
    heads::{self, SignedHead},
    preparation,
};
use serde::Serialize;

use crate::{
    archive::{self, Parts},
    broken::{Broken, Reason},
    manifest::{Listed, Manifest, Signature, to_sign},
    pack::pretty,
    part::Part,
};

/// What whoever looks knows from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// A head from a report or a message.
    pub head: Option<NotedHead>,
    /// The key that the bundle should be signed with, or its first digits.
    pub key: Option<String>,
}

/// A bundle of which everything holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Where people signed that the journal stood.
    pub heads: Vec<SignedHead>,
    /// Everybody who signed an entry.
    pub people: Vec<Person>,
    /// The entry of the head that was known from elsewhere.
    pub noted: Option<u64>,
    /// Whether the release file is in it.
    pub release_file: ReleaseFile,
}

/// Whether a bundle has the release file that its plan was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseFile {
    /// It is there, and it is the one whose hash was signed when the run began.
    AsSigned,
    /// It is there, and nobody signed which one it was.
    NotSigned,
    /// Its hash was signed, but who exported the bundle did not have it.
    Lost,
    /// The run began before release files were kept, or nobody signed its start.
    NotKept,
}

/// Proves a bundle.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn verify(bytes: &[u8], known: &Known) -> Result<Proven, Broken> {
    let parts = archive::read(bytes)?;
    let manifest = Manifest::read(part(&parts, Part::Manifest)?)?;
    listed(&manifest, &parts)?;
    signed(&manifest, &parts, known)?;
    let journal = journal(&manifest, &parts)?;
    let events = prepared(&manifest, &parts)?;
    let heads = heads::of(&events, &manifest.run);
    for head in &heads {
        holds(&journal, head)?;
    }
    let find = |noted| {
        let found = journal.find(noted);
        found.map_err(|broken| Reason::Record(broken.reason).at(line(Part::Journal, broken.line)))
    };
    let noted = known.head.map(find).transpose()?;
    let people = heads::signers(&events);
    same(&parts, Part::Heads, &heads)?;
    same(&parts, Part::Keys, &people)?;
    planned(&manifest, &parts)?;
    let release_file = released(&manifest, &parts, &events)?;
    Ok(Proven {
        release_file,
        manifest,
        heads,
        people,
        noted,
    })
}

fn part(parts: &Parts, part: Part) -> Result<&[u8], Broken> {
    let bytes = parts.get(&part).map(Vec::as_slice);
    bytes.ok_or_else(|| Reason::Missing.at(part.name()))
}

/// Compares what is there with what the manifest lists, both ways.
fn listed(manifest: &Manifest, parts: &Parts) -> Result<(), Broken> {
    let required = Part::ALL.into_iter().filter(|part| part.is_required());
    for needed in required {
        part(parts, needed)?;
    }
    for file in &manifest.files {
        let known = Part::named(file.name.as_bytes());
        let known = known.ok_or_else(|| Reason::Stranger.at(Part::Manifest.name()))?;
        matches(file, part(parts, known)?)?;
    }
    let names = |part: &Part| manifest.files.iter().any(|file| file.name == part.name());
    let unlisted = parts.keys().find(|part| match part {
        Part::Manifest | Part::Signature => false,
        other => !names(other),
    });
    match unlisted {
        Some(part) => Err(Reason::Unlisted.at(part.name())),
        None => Ok(()),
    }
}

fn matches(file: &Listed, bytes: &[u8]) -> Result<(), Broken> {
    let same = file.bytes == bytes.len() as u64 && file.sha256 == Digest::of(bytes);
    match same {
        true => Ok(()),
        false => Err(Reason::Changed.at(file.name.clone())),
    }
}

fn signed(manifest: &Manifest, parts: &Parts, known: &Known) -> Result<(), Broken> {
    let place = Part::Signature.name();
    let found: Signature = read(parts, Part::Signature)?;
    let by = &manifest.by;
    let bytes = to_sign(part(parts, Part::Manifest)?);
    let theirs = found.by == by.name && found.key == by.key;
    // Written as it would be written: a capital digit means the same, but is a changed byte.
    let whole = pretty(&found).is_ok_and(|text| parts.get(&Part::Signature) == Some(&text));
    let lower = !found
        .signature
        .bytes()
        .any(|byte| byte.is_ascii_uppercase());
    if !theirs || !whole || !lower || !by.key.signed(&bytes, &found.signature) {
        let by = by.name.clone();
        return Err(Reason::Signature { by }.at(place));
    }
    let expected = known.key.as_deref().map(str::to_lowercase);
    match expected {
        Some(key) if key.len() < 16 || !by.key.as_str().starts_with(&key) => {
            let short = |text: &str| text.chars().take(16).collect::<String>();
            let (found, expected) = (short(by.key.as_str()), short(&key));
            Err(Reason::OtherKey { found, expected }.at(place))
        }
        Some(_) | None => Ok(()),
    }
}

fn journal(manifest: &Manifest, parts: &Parts) -> Result<Chain, Broken> {
    let bytes = part(parts, Part::Journal)?;
    let chain = Chain::of_bytes(bytes).map_err(|broken| {
        let place = line(Part::Journal, broken.line);
        Reason::Record(broken.reason).at(place)
    })?;
    ends_at(&chain, manifest.journal, Part::Journal)?;
    let text = String::from_utf8_lossy(bytes);
    let first = text.lines().next().and_then(Entry::body_of_line);
    let started = first.and_then(|body| RunEvent::from_body(&body).ok());
    let of_run = match started.map(|event| event.what) {
        Some(Happened::Started(started)) => {
            started.run == manifest.run && started.plan == manifest.plan
        }
        // A journal begins with its start; a run without one has said nothing yet.
        Some(_) => false,
        None => bytes.is_empty(),
    };
    match of_run {
        true => Ok(chain),
        false => Err(Reason::Contradicts("the journal").at(Part::Manifest.name())),
    }
}

/// Finds where a record ends before its head, or goes on behind it.
fn ends_at(chain: &Chain, head: Head, part: Part) -> Result<(), Broken> {
    let found = chain.find(head.into());
    found.map_err(|broken| Reason::Record(broken.reason).at(line(part, broken.line)))?;
    match chain.head() == head {
        true => Ok(()),
        false => Err(Reason::Contradicts(part.name()).at(Part::Manifest.name())),
    }
}

/// Reads the preparation's record and proves each signature in it.
fn prepared(manifest: &Manifest, parts: &Parts) -> Result<Vec<Signed>, Broken> {
    let place = Part::Preparation;
    let (Some(bytes), Some(head)) = (parts.get(&place), manifest.preparation) else {
        return match (parts.contains_key(&place), manifest.preparation) {
            (false, None) => Ok(Vec::new()),
            (true, _) => Err(Reason::Contradicts(place.name()).at(Part::Manifest.name())),
            (false, Some(_)) => Err(Reason::Missing.at(place.name())),
        };
    };
    let chain = Chain::of_bytes(bytes)
        .map_err(|broken| Reason::Record(broken.reason).at(line(place, broken.line)))?;
    ends_at(&chain, head, place)?;
    let text = String::from_utf8_lossy(bytes);
    let bodies: Vec<String> = text.lines().filter_map(Entry::body_of_line).collect();
    let room = preparation::room(&manifest.release);
    let read = entry::read_all(&room, bodies.iter().map(String::as_str));
    read.map(|(events, _)| events).map_err(untrue)
}

fn untrue(untrue: Untrue) -> Broken {
    match untrue {
        Untrue::Shape { seq, source } => {
            Reason::Unreadable(source.to_string()).at(line(Part::Preparation, seq))
        }
        Untrue::Signature { seq, by } => Reason::Untrue { by }.at(line(Part::Preparation, seq)),
    }
}

fn holds(journal: &Chain, signed: &SignedHead) -> Result<(), Broken> {
    let found = journal.find(signed.head.into());
    found.map(drop).map_err(|broken| {
        let reason = Reason::SignedHead {
            by: signed.by.name.clone(),
            seq: signed.head.seq,
            reason: broken.reason,
        };
        reason.at(line(Part::Journal, broken.line))
    })
}

/// Compares a file with what the records say it should be.
fn same<T: Serialize>(parts: &Parts, place: Part, should_be: &T) -> Result<(), Broken> {
    let text = pretty(should_be).unwrap_or_default();
    match part(parts, place)? == text.as_slice() {
        true => Ok(()),
        false => Err(Reason::Contradicts("the signed records").at(place.name())),
    }
}

/// Compares the plan with the hash that the journal has of it, and makes that hash anew: what a
/// plan says of its own hash, whoever changed it can write.
fn planned(manifest: &Manifest, parts: &Parts) -> Result<(), Broken> {
    let plan: Plan = read(parts, Part::Plan)?;
    if plan.digest != manifest.plan || plan.release != manifest.release {
        return Err(Reason::Contradicts("the journal").at(Part::Plan.name()));
    }
    let (found, expected) = (seal::digest(&plan), manifest.plan);
    match found == expected {
        true => Ok(()),
        false => Err(Reason::PlanHash { found, expected }.at(Part::Plan.name())),
    }
}

/// Compares the release file with the hash that was signed when the run began.
fn released(manifest: &Manifest, parts: &Parts, events: &[Signed]) -> Result<ReleaseFile, Broken> {
    let signed = heads::file_of(events, &manifest.run);
    let there = parts.get(&Part::Release).map(Digest::of);
    match (signed, there) {
        (Some(signed), Some(there)) if signed != there => {
            Err(Reason::Contradicts("the signed start of the run").at(Part::Release.name()))
        }
        (Some(_), Some(_)) => Ok(ReleaseFile::AsSigned),
        (None, Some(_)) => Ok(ReleaseFile::NotSigned),
        (Some(_), None) => Ok(ReleaseFile::Lost),
        (None, None) => Ok(ReleaseFile::NotKept),
    }
}

fn read<T: serde::de::DeserializeOwned>(parts: &Parts, place: Part) -> Result<T, Broken> {
    serde_json::from_slice(part(parts, place)?)
        .map_err(|error| Reason::Unreadable(error.to_string()).at(place.name()))
}

fn line(part: Part, line: u64) -> String {
    format!("{}, line {line}", part.name())
}
