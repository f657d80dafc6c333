//! A file for each command: what was typed in, an API command out, the answer drawn.

mod adapters;
mod brief;
mod catalogue;
mod check;
mod checklist;
mod completions;
mod connections;
mod doctor;
mod export;
mod freeze;
mod import;
mod insights;
mod journal;
mod judge;
mod list;
mod note;
mod notices;
mod people;
mod plan;
mod quarantine;
mod rehearse;
mod report;
mod run;
mod schema;
mod serve;
pub(crate) mod shim;
mod show;
mod status;
mod steer;
mod vote;

use std::collections::BTreeMap;

use gantry_api::app::{App, Caller};

use crate::{
    arguments::{Arguments, Command},
    error::Failure,
    output::Output,
};

/// What every command works with.
pub(crate) struct Door<'a> {
    pub(crate) app: App,
    pub(crate) caller: Caller,
    pub(crate) output: &'a Output,
    /// The environment, for what substitutes variables.
    pub(crate) variables: BTreeMap<String, String>,
}

/// Runs what was typed and gives the exit status.
pub(crate) async fn dispatch(arguments: &Arguments, output: &Output) -> Result<u8, Failure> {
    let settings = arguments.settings()?;
    let door = Door {
        app: gantry_boot::app(&settings),
        caller: arguments.caller(),
        output,
        variables: settings.environment,
    };
    if let Command::Serve(typed) = &arguments.command {
        return serve::run(door, typed).await;
    }
    match &arguments.command {
        Command::Check(typed) => check::run(&door, typed).await,
        Command::Plan(typed) => plan::run(&door, typed).await,
        Command::Rehearse(typed) => rehearse::run(&door, typed).await,
        Command::Run(typed) => run::run(&door, typed).await,
        Command::List => list::run(&door).await,
        Command::Show(typed) => show::run(&door, typed).await,
        Command::Status(typed) => status::run(&door, typed).await,
        Command::Resume(typed) => steer::resume(&door, typed).await,
        Command::Hold(typed) => steer::hold(&door, typed).await,
        Command::Abort(typed) => steer::abort(&door, typed).await,
        Command::Rollback(typed) => steer::rollback(&door, typed).await,
        Command::Retry(typed) => steer::retry(&door, typed).await,
        Command::Skip(typed) => steer::skip(&door, typed).await,
        Command::Approve(typed) => steer::approve(&door, typed).await,
        Command::Done(typed) => steer::done(&door, typed).await,
        Command::Resolve(typed) => steer::resolve(&door, typed).await,
        Command::Checklist(typed) => checklist::run(&door, typed).await,
        Command::Vote(typed) => vote::run(&door, typed).await,
        Command::Freeze(typed) => freeze::run(&door, typed).await,
        Command::People(typed) => people::run(&door, typed).await,
        Command::Notices(typed) => notices::run(&door, typed).await,
        Command::Brief(typed) => brief::run(&door, typed).await,
        Command::Report(typed) => report::run(&door, typed).await,
        Command::Insights(typed) => insights::run(&door, typed).await,
        Command::Note(typed) => note::run(&door, typed).await,
        Command::Journal(typed) => journal::run(&door, typed).await,
        Command::Judge(typed) => judge::run(&door, typed).await,
        Command::Import(typed) => import::run(&door, typed).await,
        Command::Export(typed) => export::run(&door, typed).await,
        Command::Connections(typed) => connections::run(&door, typed).await,
        Command::Catalogue(typed) => catalogue::run(&door, typed).await,
        Command::Quarantine(typed) => quarantine::run(&door, typed).await,
        Command::Schema => schema::run(&door).await,
        Command::Adapters => adapters::run(&door).await,
        Command::Doctor(typed) => doctor::run(&door, typed).await,
        Command::Completions { shell } => Ok(completions::run(&door, *shell)),
        Command::Serve(_) | Command::Shim => Ok(0),
    }
}

/// Reads what was typed, or says what it should have been.
fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    text: &str,
    hint: &str,
) -> Result<T, Failure> {
    let read = text.parse();
    read.map_err(|error: T::Err| Failure::bad_call(error.to_string(), hint))
}
