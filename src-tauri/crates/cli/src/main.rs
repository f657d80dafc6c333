//! The command line: a thin door to the API; text for people, JSON for programs.
//!
//! [`arguments`] says what can be typed, [`commands`] has a file for each command, [`text`] draws
//! for people, [`output`] is the only place that prints.

mod arguments;
mod commands;
mod error;
mod following;
mod output;
mod person;
mod text;

use std::process::ExitCode;

use clap::Parser;
use gantry_api::app::{Caller, KnownBy};
use gantry_boot::settings::Settings;

use crate::{
    arguments::{Arguments, Command},
    error::Failure,
    output::Output,
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if matches!(arguments.command, Command::Shim) {
        return commands::shim::run();
    }
    output::trace(arguments.verbose);
    let output = Output::new(arguments.json);
    let status = match runtime()
        .and_then(|runtime| runtime.block_on(commands::dispatch(&arguments, &output)))
    {
        Ok(status) => status,
        Err(failure) => failure.tell(&output),
    };
    ExitCode::from(status)
}

/// One thread: the driver and its timers are cheapest there, and adapters mostly wait.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::system("the program cannot start", &error))
}

impl Arguments {
    /// Gives the settings that follow from what was typed and from the environment.
    fn settings(&self) -> Result<Settings, Failure> {
        Settings::of_this_process(self.db.clone())
            .map_err(|error| Failure::system("the program cannot find itself", &error))
    }

    /// Gives who acts.
    fn caller(&self) -> Caller {
        let named = self.actor.clone();
        let system = person::of_this_process(environment);
        Caller {
            known: match &named {
                // Who claims their own name claims nothing.
                Some(name) if *name != system => KnownBy::Claim,
                Some(_) | None => KnownBy::System,
            },
            name: named.unwrap_or(system),
        }
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
