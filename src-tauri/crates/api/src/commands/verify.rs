//! `journal verify`: proof that a record is whole, from the workspace, a file, or a bundle.

use std::path::Path;

use gantry_bundle::{
    archive,
    verify::{self, Known, Proven},
};
use gantry_model::{
    journal::{Entry, Head},
    verify::{
        Broken,
        chain::{Chain, NotedHead},
    },
};
use gantry_readiness::{
    entry::{self, Person, Signed},
    heads::{self, SignedHead},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    follow,
    readiness::desk::Desk,
};

pub use gantry_bundle::verify::ReleaseFile;

/// The longest file, in bytes.
const LIMIT: u64 = 1024 * 1024 * 1024;

/// Proves that a record is whole.
#[derive(Clone, Debug, Deserialize)]
pub struct Verify {
    /// A bundle, a file that `gantry journal RELEASE --json` wrote, or a release id.
    pub target: String,
    /// A head that a report or a message printed: `57:sha256:…`, or the hash alone.
    #[serde(default)]
    pub head: Option<String>,
    /// The key that a bundle should be signed with, or at least its first 16 digits.
    #[serde(default)]
    pub key: Option<String>,
}

/// A record that is whole.
#[derive(Clone, Debug, Serialize)]
pub struct Verified {
    /// What was looked at.
    pub target: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it is whole; a record that is not is an error.
    pub whole: bool,
    /// How many entries it has.
    pub entries: u64,
    /// The hash of its last entry: compare it with one that was printed elsewhere.
    pub head: String,
    /// The entry of the head that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noted: Option<u64>,
    /// Where people signed that the journal stood; all of it is in the journal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<SignedHead>,
    /// Who signed entries, with their keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Who signed the bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Person>,
    /// Whether the release file is in the bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_file: Option<ReleaseFile>,
}

/// What was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The journal of a run.
    Journal,
    /// The record of a preparation.
    Preparation,
    /// A bundle of both.
    Bundle,
}

impl Command for Verify {
    const NAME: &'static str = "journal-verify";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Proves that a record is whole, from the workspace, from a file, or from a bundle.";
    type Answer = Verified;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Verified, ApiError> {
        let known = self.known()?;
        match app.files.read(Path::new(&self.target), LIMIT).await {
            Ok(bytes) if archive::is_like_one(&bytes) => self.bundle(&bytes, &known),
            Ok(_) if known.key.is_some() => Err(no_bundle(&self.target)),
            Ok(bytes) => self.file(&bytes, known.head),
            // A path that is there but cannot be read is not a release of that name.
            Err(unreadable) if !unreadable.missing => Err(unreadable.into()),
            Err(_) if known.key.is_some() => Err(no_bundle(&self.target)),
            Err(_) => self.stored(app, caller, known.head).await,
        }
    }
}

impl Verify {
    fn known(&self) -> Result<Known, ApiError> {
        let head: Option<NotedHead> = match &self.head {
            Some(text) => Some(text.trim().parse().map_err(
                |error: gantry_model::id::InvalidName| {
                    ApiError::new(
                        ErrorCode::BadCall,
                        error.to_string(),
                        "copy it from the report or the message",
                    )
                },
            )?),
            None => None,
        };
        let key = self.key.as_ref().map(|key| key.trim().to_owned());
        Ok(Known { head, key })
    }

    fn bundle(&self, bytes: &[u8], known: &Known) -> Result<Verified, ApiError> {
        let proven = verify::verify(bytes, known).map_err(|broken| {
            let hint = "take it from whoever exported it once more; nothing of it was unpacked";
            let message = format!("{}, {broken}", self.target);
            let problem = serde_json::json!({
                "code": broken.reason.code(),
                "place": broken.place,
                "message": broken.reason.to_string(),
            });
            ApiError {
                problems: vec![problem],
                ..ApiError::new(ErrorCode::BundleBroken, message, hint)
            }
        })?;
        let Proven {
            manifest,
            heads,
            people,
            noted,
            release_file,
        } = proven;
        Ok(Verified {
            heads,
            people,
            by: Some(manifest.by),
            release_file: Some(release_file),
            noted,
            ..self.whole(Kind::Bundle, manifest.journal)
        })
    }

    fn file(&self, bytes: &[u8], noted: Option<NotedHead>) -> Result<Verified, ApiError> {
        let chain = Chain::of_bytes(bytes).map_err(|broken| self.broken(&broken))?;
        let noted = self.find(&chain, noted)?;
        let text = String::from_utf8_lossy(bytes);
        let bodies: Vec<String> = text.lines().filter_map(Entry::body_of_line).collect();
        let signed = bodies.first().is_some_and(|body| entry::is_signed(body));
        if !signed {
            return Ok(Verified {
                noted,
                ..self.whole(Kind::Journal, chain.head())
            });
        }
        let bodies = || bodies.iter().map(String::as_str);
        let (events, head) = entry::read_all(&entry::room_of(bodies()), bodies())
            .map_err(|untrue| self.torn(&untrue))?;
        Ok(Verified {
            noted,
            people: heads::signers(&events),
            ..self.whole(Kind::Preparation, head)
        })
    }

    async fn stored(
        &self,
        app: &App,
        caller: &Caller,
        noted: Option<NotedHead>,
    ) -> Result<Verified, ApiError> {
        let desk = Desk::open(app, caller)?;
        let journal = desk.journal();
        let run = follow::find(&*journal, &self.target).await?;
        let entries = journal.read(&run, 0).await?;
        let chain = Chain::of_entries(&entries).map_err(|broken| self.broken(&broken))?;
        let events: Vec<Signed> = desk.record_of(run.release()).await?.events;
        let signed = heads::of(&events, &run);
        for head in &signed {
            let found = chain.find(head.head.into());
            found.map_err(|broken| self.unlike(head, &broken))?;
        }
        Ok(Verified {
            noted: self.find(&chain, noted)?,
            heads: signed,
            people: heads::signers(&events),
            ..self.whole(Kind::Journal, chain.head())
        })
    }

    fn whole(&self, kind: Kind, head: Head) -> Verified {
        Verified {
            target: self.target.clone(),
            kind,
            whole: true,
            entries: head.seq,
            head: head.hash.to_string(),
            noted: None,
            heads: Vec::new(),
            people: Vec::new(),
            by: None,
            release_file: None,
        }
    }

    fn find(&self, chain: &Chain, noted: Option<NotedHead>) -> Result<Option<u64>, ApiError> {
        let find = |noted| chain.find(noted).map_err(|broken| self.broken(&broken));
        noted.map(find).transpose()
    }

    fn broken(&self, broken: &Broken) -> ApiError {
        let hint = "the lines before it are intact; compare with a copy";
        self.refused(broken.to_string(), hint)
    }

    fn torn(&self, untrue: &entry::Untrue) -> ApiError {
        let hint = "somebody changed the record and could not sign it; compare with a copy";
        self.refused(untrue.to_string(), hint)
    }

    fn unlike(&self, signed: &SignedHead, broken: &Broken) -> ApiError {
        let by = &signed.by.name;
        let at = signed.at.format("%Y-%m-%d %H:%M:%SZ");
        let seq = signed.head.seq;
        let message = format!("{broken}; {by} signed its entry {seq} at {at}");
        self.refused(
            message,
            "the journal was cut or rewritten since; compare with a copy",
        )
    }

    fn refused(&self, message: String, hint: &str) -> ApiError {
        let message = format!("{}, {message}", self.target);
        ApiError::new(ErrorCode::JournalBroken, message, hint)
    }
}

fn no_bundle(target: &str) -> ApiError {
    let message = format!("{target} is no bundle, and only bundles are signed as a whole");
    ApiError::new(
        ErrorCode::BadCall,
        message,
        "leave --key out, or name a bundle",
    )
}
