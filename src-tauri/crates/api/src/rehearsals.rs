//! Rehearsals that were kept: what was rehearsed when, by whom, and how it went.
//!
//! They stand in a record of the workspace of their own, one for each release, chained like every
//! other, so that an item of a checklist can ask how long ago a plan was rehearsed.

use gantry_model::{
    digest::Digest,
    event::Outcome,
    id::ReleaseId,
    journal::{Head, NewEntry},
    time::{Timestamp, to_millisecond},
};
use gantry_port::{journal::Journal, rooms::Rooms};
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ErrorCode};

/// How often somebody else may be first before that is a mistake of ours.
const TRIES: u32 = 32;
/// The kind of the entries.
const KIND: &str = "rehearsed";

/// A rehearsal that was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// When.
    pub at: Timestamp,
    #[serde(flatten)]
    /// The rest.
    pub rehearsal: Rehearsal,
}

/// What is kept of a rehearsal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// Who asked for it.
    pub by: String,
    /// The hash of the plan that was rehearsed.
    pub plan: Digest,
    /// The seed of the first run; the others follow it.
    pub seed: u64,
    /// How many times.
    pub runs: u32,
    /// What was made to fail or to be slow, as it was typed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub what_if: Vec<String>,
    /// How the first run ended.
    pub outcome: Outcome,
    /// Half took at most this, in virtual time.
    pub p50_ms: u64,
    /// Nine of ten took at most this.
    pub p90_ms: u64,
    /// The worst ending, where one was worse than the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst: Option<Outcome>,
}

/// One line of the record; the first three keys are those of every record.
#[derive(Serialize)]
struct Line<'a> {
    seq: u64,
    at: Timestamp,
    kind: &'static str,
    #[serde(flatten)]
    rehearsal: &'a Rehearsal,
}

impl Rehearsal {
    /// Whether every run ended like this.
    pub fn ended(&self, outcome: Outcome) -> bool {
        self.outcome == outcome && self.worst.is_none()
    }
}

/// Says how bad an ending is; the greater the worse.
pub fn badness(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Succeeded => 0,
        Outcome::RolledBack => 1,
        Outcome::Cancelled => 2,
        Outcome::Held => 3,
        Outcome::PartlyRolledBack => 4,
        Outcome::Failed => 5,
    }
}

/// Keeps a rehearsal of a release.
///
/// # Errors
/// `workspace` where this workspace keeps no records.
pub async fn keep(
    journal: &dyn Journal,
    (release, at): (&ReleaseId, Timestamp),
    rehearsal: &Rehearsal,
) -> Result<(), ApiError> {
    let rooms = journal.rooms().ok_or_else(no_records)?;
    let room = room(release);
    let at = to_millisecond(at);
    for _ in 0..TRIES {
        let head = head(rooms, &room).await?;
        let seq = head.seq + 1;
        let line = Line {
            seq,
            at,
            kind: KIND,
            rehearsal,
        };
        let entry = NewEntry {
            seq,
            at,
            kind: KIND.into(),
            body: serde_json::to_string(&line).map_err(unwritable)?,
        };
        if rooms.append(&room, head, vec![entry]).await?.is_some() {
            return Ok(());
        }
    }
    let message = "others write into this record all the time";
    Err(ApiError::new(ErrorCode::Driven, message, "ask again"))
}

/// Lists the rehearsals of a release that were kept, the latest first.
///
/// # Errors
/// `workspace`.
pub async fn list(journal: &dyn Journal, release: &ReleaseId) -> Result<Vec<Kept>, ApiError> {
    let Some(rooms) = journal.rooms() else {
        return Ok(Vec::new());
    };
    let entries = rooms.read(&room(release), Head::EMPTY).await?;
    let lines = entries.iter().rev();
    let kept = lines.map(|entry| serde_json::from_str(&entry.event.body));
    kept.collect::<Result<_, _>>().map_err(unwritable)
}

async fn head(rooms: &dyn Rooms, room: &str) -> Result<Head, ApiError> {
    let entries = rooms.read(room, Head::EMPTY).await?;
    Ok(entries.last().map_or(Head::EMPTY, |entry| Head {
        seq: entry.event.seq,
        hash: entry.hash,
    }))
}

fn room(release: &ReleaseId) -> String {
    format!("rehearsals/{release}")
}

fn no_records() -> ApiError {
    let message = "this workspace keeps no record of rehearsals";
    ApiError::new(ErrorCode::Workspace, message, "name another file with --db")
}

fn unwritable(error: serde_json::Error) -> ApiError {
    let message = format!("the record of rehearsals cannot be read or written: {error}");
    ApiError::new(ErrorCode::Internal, message, "please report this")
}
