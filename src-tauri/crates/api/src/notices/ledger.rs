//! What became of each message.

use gantry_model::{
    id::{ReleaseId, RunId},
    release::stakeholder::Audience,
    time::Timestamp,
};
use gantry_notify::notice::Notice;
use gantry_port::outbox::{Parcel, ParcelState};
use gantry_report::account::notices::{Acknowledged, Told};
use serde::Serialize;

use crate::{app::App, error::ApiError};

/// One message, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number in the outbox.
    pub id: u64,
    /// When what it tells happened.
    pub at: Timestamp,
    /// The run; none before there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// What it is about.
    pub event: String,
    /// Who it is for.
    pub audience: String,
    /// Whose words it is in.
    pub words: Audience,
    /// The channel: the connection's name.
    pub channel: String,
    /// One line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// `waiting`, `delivered`, `failed`, or `digested`: it went out as a part of a digest.
    pub outcome: &'static str,
    /// How often it was handed to the channel.
    pub attempts: u32,
    /// When it was settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<Timestamp>,
    /// When it is tried next, where it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// What was said last: a receipt, why it failed, or the digest's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// Who has read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledged>,
}

/// Reads the ledger of a release, the oldest message first; empty where there is no workspace.
///
/// # Errors
/// `workspace`.
pub async fn read(app: &App, release: &ReleaseId) -> Result<Vec<Line>, ApiError> {
    let Some(journal) = app.journal_if_there()? else {
        return Ok(Vec::new());
    };
    let Some(outbox) = journal.outbox() else {
        return Ok(Vec::new());
    };
    let parcels = outbox.parcels(release).await?;
    Ok(parcels.into_iter().filter_map(line).collect())
}

fn line(parcel: Parcel) -> Option<Line> {
    // What is no notice was settled as failed, and says nothing that could be shown.
    let notice: Notice = serde_json::from_str(&parcel.body).ok()?;
    let waits = parcel.state == ParcelState::Waiting;
    Some(Line {
        id: parcel.id,
        at: notice.at,
        run: parcel.run,
        event: notice.event,
        audience: notice.stakeholder,
        words: notice.audience,
        channel: notice.via.connection.to_string(),
        title: notice.title,
        body: notice.body,
        outcome: parcel.state.word(),
        attempts: parcel.attempts,
        settled: parcel.settled,
        due: waits.then_some(parcel.due),
        said: parcel.words.filter(|words| !words.is_empty()),
        acknowledged: parcel.acknowledged.map(|(by, at)| Acknowledged { by, at }),
    })
}

/// Gives the messages of one run as its report shows them.
pub(crate) fn of_run(lines: Vec<Line>, run: &RunId) -> Vec<Told> {
    let of_run = lines
        .into_iter()
        .filter(|line| line.run.as_ref().is_none_or(|known| known == run));
    let told = of_run.map(|line| Told {
        at: line.at,
        event: line.event,
        audience: line.audience,
        channel: line.channel,
        title: line.title,
        outcome: line.outcome.to_owned(),
        attempts: line.attempts,
        acknowledged: line.acknowledged,
    });
    told.collect()
}
