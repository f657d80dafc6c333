//! `report`: what a run came to, with its sources.

use gantry_model::{
    digest::Digest, event::RunEvent, id::RunId, journal::Entry, plan::Plan, verify::verify_chain,
};
use gantry_report::{
    account::{Account, Integrity, Record},
    incident,
    redact::{self, Profile},
    render,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    follow,
    notices::ledger,
    readiness::told,
    written::{DocumentFormat, Written, unwritable},
};

/// Writes the report of a run.
#[derive(Clone, Debug, Deserialize)]
pub struct WriteReport {
    /// The release id (its latest run), or `id#2`.
    pub release: String,
    /// The format.
    pub format: ReportFormat,
    /// Who reads it.
    #[serde(default)]
    pub profile: Profile,
}

/// The formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportFormat {
    /// Markdown.
    Md,
    /// One HTML file.
    Html,
    /// Pages.
    Pdf,
    /// Everything that is known, under a schema with a version.
    Json,
    /// The timeline for spreadsheets.
    Csv,
}

impl Command for WriteReport {
    const NAME: &'static str = "report";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Writes the report of a run: of an incident where it went back, of a completion otherwise.";
    type Answer = Written;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Written, ApiError> {
        let run = follow::find(&*app.journal()?, &self.release).await?;
        Seen::read(app, &run, self.profile)
            .await?
            .write(self.format)
    }
}

/// A run as a reader may see it, ready to be written in any format.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    plan: Plan,
    account: Account,
    profile: Profile,
}

impl Seen {
    /// Reads all that is known of a run, and leaves out what the reader must not see.
    pub(crate) async fn read(app: &App, run: &RunId, profile: Profile) -> Result<Self, ApiError> {
        let journal = app.journal()?;
        let plan: Plan = follow::stored_plan(&*journal, run).await?;
        let entries = journal.read(run, 0).await?;
        let lines = ledger::read(app, run.release()).await?;
        let notices = ledger::of_run(lines, run);
        let events = events(run, &entries)?;
        let last = entries.last().map_or(Digest::zero(), |entry| entry.hash);
        let looked = verify_chain(entries.iter().map(Entry::to_line), None);
        let integrity = Integrity::of(entries.len() as u64, last, looked);
        let prepared = told::prepared(app, run).await?;
        let whole = redact::Whole {
            plan: &plan,
            events: &events,
            prepared: &prepared,
            notices: &notices,
        };
        let seen = redact::record(profile, &whole).map_err(unwritable)?;
        let account = Account::of(&Record {
            plan: &seen.plan,
            events: &seen.events,
            integrity: &integrity,
        })
        .with_prepared(seen.prepared)
        .with_notices(seen.notices);
        Ok(Self {
            account: redact::account(profile, account),
            plan: seen.plan,
            profile,
        })
    }

    /// Gives the plan.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Writes it.
    pub(crate) fn write(&self, format: ReportFormat) -> Result<Written, ApiError> {
        let Self {
            plan,
            account,
            profile,
        } = self;
        let format = match format {
            ReportFormat::Md => DocumentFormat::Md,
            ReportFormat::Html => DocumentFormat::Html,
            ReportFormat::Pdf => DocumentFormat::Pdf,
            ReportFormat::Json => {
                let text = render::json::write(account).map_err(unwritable)?;
                return Ok(Written::text("application/json", text));
            }
            ReportFormat::Csv => {
                let text = render::csv::write(account).map_err(unwritable)?;
                return Ok(Written::text("text/csv", text));
            }
        };
        let document = incident::document(plan, account);
        Written::of(&redact::document(*profile, document), format)
    }
}

/// Reads the events of a run.
///
/// # Errors
/// `journal-broken` where an entry cannot be read.
pub(crate) fn events(run: &RunId, entries: &[Entry]) -> Result<Vec<RunEvent>, ApiError> {
    let read = |entry: &Entry| {
        RunEvent::from_body(&entry.event.body).map_err(|error| {
            ApiError::new(
                ErrorCode::JournalBroken,
                format!("{run}: {error}"),
                format!("`gantry journal verify {run}` finds the place"),
            )
        })
    };
    entries.iter().map(read).collect()
}
