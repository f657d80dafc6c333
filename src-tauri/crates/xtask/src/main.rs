//! `cargo xtask`: the repository's few chores.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus};

use anyhow::Result;
use clap::{Parser, Subcommand};

use gantry_xtask::package::{self, Checked};
use gantry_xtask::sandbox::{self, UNAVAILABLE_STATUS, Unavailable};
use gantry_xtask::say::{Consent, say};
use gantry_xtask::setup::{self, Setup};
use gantry_xtask::{bench, bindings, demo, fixture, licences, page, test_run, tidy, window};

/// The repository's few chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install the Debian packages that are missing; asks before
    Setup {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Install what is missing, then run every check and every test
    Test {
        /// Leave out the real platforms and the desktop app
        #[arg(long)]
        fast: bool,
        /// Do not ask before packages are installed
        #[arg(long)]
        yes: bool,
    },
    /// Check arrows between crates, sizes, names and forgotten tests
    Tidy,
    /// Write the types of the page and the table of commands from the list of commands
    Bindings,
    /// Check the licences of everything we depend on
    Licences,
    /// Measure against make, ninja, bare SQLite and a reference engine; asserts nothing
    Bench {
        /// `--quick`, and the rows that are wanted; all where none is named
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Build the static fixture service and print where it is
    Fixture,
    /// Build the page that the desktop window shows
    Page,
    /// Do in the real desktop app what people do, on a screen of its own; leave pictures of it
    Window {
        /// Build the app as people get it, and not as the tests are
        #[arg(long)]
        release: bool,
    },
    /// Build the desktop app and make its packages, for Debian and for Red Hat
    Package {
        /// Install the Debian package, open what was installed, and remove it
        #[arg(long)]
        check: bool,
    },
    /// Open the app on the sample, then show a good release and a bad one on real services; rehearse
    /// where that is impossible
    Demo {
        /// Leave a picture of each screen of the app in this folder, and do nothing else
        #[arg(long, value_name = "FOLDER")]
        screenshot: Option<PathBuf>,
        /// Do not ask before packages are installed
        #[arg(long)]
        yes: bool,
    },
    /// What `demo` calls inside the sandbox
    #[command(hide = true)]
    DemoInside,
    /// Run a command beside a Docker daemon of its own, cut off from the machine
    Sandbox {
        /// Use the machine's own daemon and network instead
        #[arg(long)]
        host_daemon: bool,
        /// The command and its arguments
        #[arg(trailing_var_arg = true, required = true)]
        command: Vec<OsString>,
    },
    /// What `sandbox` calls inside its namespaces
    #[command(hide = true)]
    SandboxInside {
        folder: PathBuf,
        #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().chore) {
        Ok(code) => code,
        Err(error) if error.is::<Unavailable>() => {
            say(format_args!("no sandbox: {error}"));
            ExitCode::from(UNAVAILABLE_STATUS)
        }
        Err(error) => {
            say(format_args!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(chore: Chore) -> Result<ExitCode> {
    match chore {
        Chore::Setup { yes } => setup_chore(yes),
        Chore::Test { fast, yes } => test_chore(fast, yes),
        Chore::Tidy => tidy::run().map(|()| ExitCode::SUCCESS),
        Chore::Bindings => bindings::write().map(|()| ExitCode::SUCCESS),
        Chore::Licences => licences::run().map(|()| ExitCode::SUCCESS),
        Chore::Bench { arguments } => bench::run(&arguments).map(|()| ExitCode::SUCCESS),
        Chore::Fixture => {
            say(fixture::build()?.display());
            Ok(ExitCode::SUCCESS)
        }
        Chore::Page => page::build().map(|()| ExitCode::SUCCESS),
        Chore::Window { release } => window_chore(release),
        Chore::Package { check } => package_chore(check),
        Chore::Demo {
            screenshot: Some(folder),
            yes: _,
        } => demo::pictures(&folder),
        Chore::Demo {
            screenshot: None,
            yes,
        } => demo::run(consent(yes)),
        Chore::DemoInside => demo::perform(),
        Chore::Sandbox {
            host_daemon,
            command,
        } => {
            let status = if host_daemon {
                sandbox::run_on_host(&command)?
            } else {
                sandbox::run(&command)?
            };
            Ok(exit_code(status))
        }
        Chore::SandboxInside { folder, command } => {
            sandbox::live_inside(&folder, &command).map(ExitCode::from)
        }
    }
}

fn setup_chore(yes: bool) -> Result<ExitCode> {
    Ok(match setup::run(consent(yes))? {
        Setup::Complete => ExitCode::SUCCESS,
        Setup::Incomplete { .. } => ExitCode::FAILURE,
    })
}

fn window_chore(release: bool) -> Result<ExitCode> {
    let build = if release {
        window::Build::Release
    } else {
        window::Build::Debug
    };
    window::run(&build.build()?).map(|()| ExitCode::SUCCESS)
}

fn package_chore(check: bool) -> Result<ExitCode> {
    if !check {
        return package::run().map(|()| ExitCode::SUCCESS);
    }
    if let Checked::NotInstalled(reason) = package::check(&window::Build::Release.build()?)? {
        say(format_args!("SKIPPED: {reason}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn test_chore(fast: bool, yes: bool) -> Result<ExitCode> {
    let scope = if fast {
        test_run::Scope::Fast
    } else {
        test_run::Scope::Everything
    };
    test_run::run(scope, consent(yes)).map(|()| ExitCode::SUCCESS)
}

const fn consent(yes: bool) -> Consent {
    if yes { Consent::Given } else { Consent::Ask }
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
