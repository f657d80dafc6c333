//! The one list of commands: router, names, access and docs are read from it.

use std::future::Future;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    app::{App, Caller},
    commands,
    error::{ApiError, ErrorCode},
};

/// What a caller must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Looks only.
    Read,
    /// Changes a run or starts one.
    Operate,
}

/// One command of the product.
pub trait Command: DeserializeOwned + Send {
    /// Its name, for example `plan`.
    const NAME: &'static str;
    /// What a caller must be allowed to do.
    const ACCESS: Access;
    /// One sentence for the docs.
    const ABOUT: &'static str;
    /// What it answers.
    type Answer: Serialize + Send;

    /// Does it.
    fn execute(
        self,
        app: &App,
        caller: &Caller,
    ) -> impl Future<Output = Result<Self::Answer, ApiError>> + Send;
}

/// A command as the docs and the role table show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Its name.
    pub name: &'static str,
    /// What a caller must be allowed to do.
    pub access: Access,
    /// One sentence.
    pub about: &'static str,
}

/// Writes the list down once; names and router follow from it.
macro_rules! commands {
    ($($command:ty),+ $(,)?) => {
        /// Lists all commands.
        pub fn list() -> Vec<Listed> {
            vec![$(Listed {
                name: <$command>::NAME,
                access: <$command>::ACCESS,
                about: <$command>::ABOUT,
            }),+]
        }

        /// Calls a command by name with JSON, as doors that speak JSON do.
        ///
        /// # Errors
        /// `bad-call` for an unknown name or arguments that do not fit; else what the command says.
        pub async fn call(app: &App, caller: &Caller, name: &str, arguments: Value) -> Result<Value, ApiError> {
            match name {
                $(<$command>::NAME => by_json::<$command>(app, caller, arguments).await,)+
                other => Err(ApiError::new(
                    ErrorCode::BadCall,
                    format!("there is no command called `{other}`"),
                    "the list of commands is in docs/commands.md",
                )),
            }
        }
    };
}

commands![
    commands::releases::Releases,
    commands::open_release::OpenRelease,
    commands::open_release::CloseRelease,
    commands::new_release::NewRelease,
    commands::release_text::ReadRelease,
    commands::release_text::SaveRelease,
    commands::start::Reach,
    commands::start::Start,
    commands::start::Resume,
    commands::check::Check,
    commands::draft::Draft,
    commands::layout::Layout,
    commands::moments::Moments,
    commands::series::Series,
    commands::plan::PlanRelease,
    commands::rehearse::Rehearse,
    commands::rehearsals::Rehearsals,
    commands::list::ListRuns,
    commands::show::Show,
    commands::status::Status,
    commands::steer::Steer,
    commands::checklist::Checklist,
    commands::vote::CastVote,
    commands::freeze::Freezes,
    commands::people::People,
    commands::notices::ReadNotices,
    commands::acknowledge::Acknowledge,
    commands::send_notices::SendNotices,
    commands::journal::ReadJournal,
    commands::verify::Verify,
    commands::brief::WriteBrief,
    commands::report::WriteReport,
    commands::bundle::PackBundle,
    commands::insights::ComputeInsights,
    commands::export::Export,
    commands::import::ImportCompose,
    commands::catalogue::Catalogue,
    commands::catalogue::PutService,
    commands::quarantine::Quarantine,
    commands::kept_connections::ListConnections,
    commands::kept_connections::PutConnection,
    commands::kept_connections::RemoveConnection,
    commands::connections::TestConnections,
    commands::doctor::Doctor,
    commands::judge::Judge,
    commands::calibrate::Calibrate,
    commands::schema::Schema,
    commands::adapters::Adapters,
];

/// Writes the page of all commands, `docs/commands.md`.
pub fn page() -> String {
    let head = "# Commands\n\n\
        Every door (the command line, the window) calls these by name with JSON; \
        what they take and answer is in the documentation of the `gantry-api` crate.\n\
        `start`, `resume` and an order to a run that nobody drives need a process that stays: \
        the window and `gantry serve` drive such runs themselves, \
        at a terminal `gantry run`, `gantry resume` and `gantry rollback` do.\n\n\
        | command | access | what it does |\n|---|---|---|\n";
    let row = |command: &Listed| {
        let access = match command.access {
            Access::Read => "read",
            Access::Operate => "operate",
        };
        format!("| {} | {access} | {} |\n", command.name, command.about)
    };
    list()
        .iter()
        .map(row)
        .fold(head.to_owned(), |page, row| page + &row)
}

async fn by_json<C: Command>(
    app: &App,
    caller: &Caller,
    arguments: Value,
) -> Result<Value, ApiError> {
    let wrong = |error: serde_json::Error| {
        ApiError::new(
            ErrorCode::BadCall,
            format!("`{}`: {error}", C::NAME),
            "see docs/commands.md",
        )
    };
    let command: C = serde_json::from_value(arguments).map_err(wrong)?;
    let answer = command.execute(app, caller).await?;
    serde_json::to_value(answer).map_err(wrong)
}
