//! `bundle`: the record of a run with all that proves it, as one file.

use gantry_bundle::{
    archive::Parts,
    manifest::Subject,
    pack::{Content, Unpackable, Unsigned},
    part::Part,
};
use gantry_model::{digest::Digest, id::RunId, journal::Head};
use gantry_readiness::{entry::Signed, heads};
use gantry_report::redact::Profile;
use serde::Deserialize;

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    commands::report::{ReportFormat, Seen},
    error::{ApiError, ErrorCode},
    follow,
    readiness::desk::{Desk, Signatures},
    written::Written,
};

/// Packs the record of a run with all that proves it, signed by who asks.
#[derive(Clone, Debug, Deserialize)]
pub struct PackBundle {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
}

impl Command for PackBundle {
    const NAME: &'static str = "bundle";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str = "Packs the record of a run with all that proves it into one file, \
        signed by who asks, that anybody can verify offline.";
    type Answer = Written;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Written, ApiError> {
        let desk = Desk::open(app, caller)?;
        let run = follow::find(&*desk.journal(), &self.release).await?;
        let writer = desk.writer().await?;
        let content = content(app, &desk, &run).await?;
        let unsigned = Unsigned::of(content, writer.person.clone()).map_err(unpackable)?;
        let signature = desk.sign(&writer, unsigned.bytes()).await?;
        let bytes = unsigned.sign(signature).map_err(unpackable)?;
        Ok(Written::bytes_of("application/x-tar", bytes))
    }
}

async fn content(app: &App, desk: &Desk<'_>, run: &RunId) -> Result<Content, ApiError> {
    let journal = desk.journal();
    let Signatures {
        entries: preparation,
        events,
        head,
    } = desk.record_of(run.release()).await?;
    let plan = journal.plan(run).await?;
    let entries = journal.read(run, 0).await?;
    let seen = Seen::read(app, run, Profile::Internal).await?;
    let last = entries.last();
    Ok(Content {
        subject: Subject {
            run: run.clone(),
            plan: seen.plan().digest,
            journal: last.map_or(Head::EMPTY, |last| Head {
                seq: last.event.seq,
                hash: last.hash,
            }),
            preparation: (!events.is_empty()).then_some(head),
        },
        reports: reports(&seen)?,
        release: release(desk, &events, run).await?,
        journal: entries,
        preparation,
        events,
        plan,
    })
}

/// Gives the release file that was signed when the run began, where it was.
async fn release(
    desk: &Desk<'_>,
    events: &[Signed],
    run: &RunId,
) -> Result<Option<Vec<u8>>, ApiError> {
    let Some(digest) = heads::file_of(events, run) else {
        return Ok(None);
    };
    let text = desk.kept(digest).await?;
    Ok(text
        .filter(|text| Digest::of(text) == digest)
        .map(String::into_bytes))
}

fn reports(seen: &Seen) -> Result<Parts, ApiError> {
    let formats = [
        (Part::ReportMarkdown, ReportFormat::Md),
        (Part::ReportHtml, ReportFormat::Html),
        (Part::ReportPdf, ReportFormat::Pdf),
        (Part::ReportJson, ReportFormat::Json),
        (Part::Timeline, ReportFormat::Csv),
    ];
    let written = |(part, format)| Ok((part, seen.write(format)?.into_bytes()));
    formats.into_iter().map(written).collect()
}

fn unpackable(error: Unpackable) -> ApiError {
    let hint = "nothing was written; please report this";
    ApiError::new(ErrorCode::Internal, error.to_string(), hint)
}
