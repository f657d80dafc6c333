//! A place of its own for everything that touches a real platform.
//!
//! `cargo xtask sandbox -- COMMAND` runs the command in fresh network, process and mount
//! namespaces, beside a Docker daemon started for it alone. Daemon, containers, HAProxy, Gantry and
//! load generator see each other's addresses, and nothing of the machine's: its network, its
//! firewall rules and its own daemon are out of reach. There is no way to the internet either, so
//! whatever the command needs is fetched before. `/run` is empty but for the daemon's usual socket.
//!
//! When the command ends, when it is interrupted and even when this process is killed, the kernel
//! ends every process of the namespace and undoes its mounts and addresses with it. What is left
//! by a kill is a folder and empty control groups, which the next sandbox sweeps away.
//!
//! Inside, the environment says: `DOCKER_HOST` (the daemon), `GANTRY_SANDBOX` (a folder that goes
//! away with the sandbox) and `GANTRY_FIXTURE` (the static fixture binary).

mod inside;
mod leftovers;
mod place;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};

use crate::fixture;
pub use inside::live_inside;
use place::Place;

/// Names the sandbox's folder to whatever runs inside.
pub const FOLDER_VARIABLE: &str = "GANTRY_SANDBOX";

/// Exit status where no sandbox can be had; test runners know it as "skipped".
pub const UNAVAILABLE_STATUS: u8 = 77;

/// The first word of the hidden command by which this program calls itself inside.
pub const INSIDE_COMMAND: &str = "sandbox-inside";

const HOST_SOCKET: &str = "/var/run/docker.sock";

/// Why no sandbox can be had on this machine.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// Namespaces and the Docker daemon belong to root.
    #[error("only root may make a sandbox for real platforms")]
    NotRoot,
    /// A program is not installed.
    #[error("`{0}` is not installed: run `cargo xtask setup`")]
    NoProgram(&'static str),
    /// The kernel refuses namespaces, as it does in most containers.
    #[error("this machine refuses namespaces: {0}")]
    NoNamespaces(String),
    /// The daemon of the machine was asked for and does not run.
    #[error("no Docker daemon listens at {HOST_SOCKET}")]
    NoHostDaemon,
}

/// Tells whether a sandbox can be had, and if not why.
///
/// # Errors
///
/// The reason, in words for a person.
pub fn check_available() -> Result<(), Unavailable> {
    if !rustix::process::geteuid().is_root() {
        return Err(Unavailable::NotRoot);
    }
    for program in ["unshare", "setpriv", "mount", "ip", "iptables", "dockerd"] {
        if find_program(program).is_none() {
            return Err(Unavailable::NoProgram(program));
        }
    }
    let trial = namespaces()
        .arg("true")
        .output()
        .map_err(|error| Unavailable::NoNamespaces(error.to_string()))?;
    if trial.status.success() {
        Ok(())
    } else {
        let words = String::from_utf8_lossy(&trial.stderr).trim().to_owned();
        Err(Unavailable::NoNamespaces(words))
    }
}

/// A sandbox that exists from [`Sandbox::create`] until it is dropped.
pub struct Sandbox {
    place: Place,
    fixture: PathBuf,
}

impl Sandbox {
    /// Builds the fixture, sweeps up after killed sandboxes and makes the folder of a new one.
    ///
    /// A sandbox within a sandbox takes over the fixture, since it could not build one.
    ///
    /// # Errors
    ///
    /// When no sandbox can be had; [`Unavailable`] is then the cause.
    pub fn create() -> Result<Self> {
        check_available()?;
        let fixture = fixture::binary().or_else(|_| fixture::build())?;
        leftovers::sweep();
        outlive_interrupts()?;
        Ok(Self {
            place: Place::create()?,
            fixture,
        })
    }

    /// A command that will run inside, to be started from the main thread.
    ///
    /// Namespaces and daemon are made when it starts and end with it, so that one sandbox may run
    /// several commands one after the other, each with an empty daemon. The kernel ends everything
    /// with the thread that starts it.
    ///
    /// # Errors
    ///
    /// When this program cannot be copied into the sandbox.
    pub fn command(&self, program: &OsStr, arguments: &[OsString]) -> Result<Command> {
        let mut command = namespaces();
        command
            .arg(self.place.program()?)
            .arg(INSIDE_COMMAND)
            .arg(self.place.folder())
            .arg(program)
            .args(arguments)
            .env("PATH", search_path())
            .env(fixture::BINARY_VARIABLE, &self.fixture);
        Ok(command)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        leftovers::remove(self.place.folder());
    }
}

/// Runs a command inside a new sandbox and gives its exit status.
///
/// # Errors
///
/// When no sandbox can be had ([`Unavailable`] is then the cause) or it cannot be entered.
pub fn run(command: &[OsString]) -> Result<ExitStatus> {
    let (program, arguments) = command.split_first().context("no command")?;
    let sandbox = Sandbox::create()?;
    sandbox
        .command(program, arguments)?
        .status()
        .context("cannot enter the sandbox")
}

/// Runs a command beside the machine's own Docker daemon, without any sandbox.
///
/// # Errors
///
/// When no daemon runs ([`Unavailable`] is then the cause) or the command cannot be started.
pub fn run_on_host(command: &[OsString]) -> Result<ExitStatus> {
    if !Path::new(HOST_SOCKET).exists() {
        return Err(Unavailable::NoHostDaemon.into());
    }
    let (program, arguments) = command.split_first().context("no command")?;
    Command::new(program)
        .args(arguments)
        .env("DOCKER_HOST", format!("unix://{HOST_SOCKET}"))
        .env(fixture::BINARY_VARIABLE, fixture::build()?)
        .status()
        .with_context(|| format!("cannot run {}", program.display()))
}

/// New namespaces that die with this process, whatever ends it.
///
/// `setpriv` has the kernel kill `unshare` when we die, and `unshare` has it kill the first process
/// of the namespace, with which all others in it die.
fn namespaces() -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "--", "unshare"])
        .args(["--net", "--mount", "--pid", "--fork", "--kill-child"])
        .args(["--mount-proc", "--"]);
    command
}

/// Ctrl-C goes to every process of the terminal; the command decides what it means, we only wait.
fn outlive_interrupts() -> Result<()> {
    let heard = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGINT, heard)
        .context("cannot handle SIGINT")?;
    Ok(())
}

/// The search path with the folders in which Debian keeps the programs of root.
fn search_path() -> OsString {
    let mut path = std::env::var_os("PATH").unwrap_or_default();
    path.push(":/usr/sbin:/sbin");
    path
}

fn find_program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(OsStr::new(&search_path()))
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}
