//! The first process inside the sandbox: starts the daemon, runs the command, reaps the rest.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, WaitOptions};

use super::{FOLDER_VARIABLE, HOST_SOCKET};
use crate::docker::{Body, Engine};

const PATIENCE: Duration = Duration::from_secs(60);

/// Lives as the first process of the sandbox's namespaces and gives the command's exit status.
///
/// It returns without ending the daemon or any container: the kernel kills every process of a
/// namespace whose first process ends, at once and without exception.
///
/// # Errors
///
/// When the network, the daemon or the command does not start.
pub fn live_inside(folder: &Path, command: &[OsString]) -> Result<u8> {
    prepare()?;
    let engine = Engine::at(&folder.join("docker.sock"));
    let daemon = start_daemon(folder, &engine)?;
    wait_until_ready(&engine, daemon, &folder.join("dockerd.log"))?;
    let (program, arguments) = command.split_first().context("no command")?;
    let child = Command::new(program)
        .args(arguments)
        .env(
            "DOCKER_HOST",
            format!("unix://{}", engine.socket().display()),
        )
        .env(FOLDER_VARIABLE, folder)
        .spawn()
        .with_context(|| format!("cannot run {}", program.display()))?;
    reap_until(&child)
}

/// Gives the sandbox a network of one machine, and folders of its own for sockets.
///
/// With an empty `/run` the daemon does not find the machine's containerd and use it, and the
/// sockets can lie where people have them, so that a release file needs no change to be tried.
fn prepare() -> Result<()> {
    must_run("ip", &["link", "set", "lo", "up"])?;
    must_run("mount", &["-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"])
}

fn must_run(program: &str, arguments: &[&str]) -> Result<()> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!("{program} {}: {}", arguments.join(" "), words.trim());
    }
    Ok(())
}

fn start_daemon(folder: &Path, engine: &Engine) -> Result<Child> {
    let log = File::create(folder.join("dockerd.log")).context("no log for the daemon")?;
    let settings = folder.join("daemon.json");
    std::fs::write(&settings, "{}").context("no settings for the daemon")?;
    let group = folder.file_name().unwrap_or_default();
    Command::new("dockerd")
        .arg("--config-file")
        .arg(settings)
        .arg("--data-root")
        .arg(folder.join("data"))
        .arg("--exec-root")
        .arg(folder.join("exec"))
        .arg("--pidfile")
        .arg(folder.join("dockerd.pid"))
        .arg(format!("--host=unix://{}", engine.socket().display()))
        .arg(format!("--host=unix://{HOST_SOCKET}"))
        .arg(format!("--cgroup-parent=/{}", group.display()))
        .arg("--exec-opt=native.cgroupdriver=cgroupfs")
        .arg("--bip=172.30.0.1/24")
        .arg("--default-address-pool=base=172.31.0.0/16,size=24")
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("no log for the daemon")?)
        .stderr(log)
        // Ctrl-C at the terminal is for the command, which may still need the daemon.
        .process_group(0)
        .spawn()
        .context("cannot run dockerd")
}

fn wait_until_ready(engine: &Engine, mut daemon: Child, log: &Path) -> Result<()> {
    let started = Instant::now();
    while engine.request("GET", "/_ping", Body::Empty).is_err() {
        let ended = daemon.try_wait().context("lost the daemon")?;
        if ended.is_some() || started.elapsed() > PATIENCE {
            let words = std::fs::read_to_string(log).unwrap_or_default();
            let last: Vec<&str> = words.lines().rev().take(5).collect();
            bail!("the Docker daemon does not start:\n{}", last.join("\n"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Waits for the command, and on the way for every orphan that the kernel gives to us.
///
/// An orphan that nobody waits for stays in the process table and looks alive to whoever asks.
fn reap_until(child: &Child) -> Result<u8> {
    let wanted = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    loop {
        let reaped = rustix::process::wait(WaitOptions::empty()).context("lost the command")?;
        let Some((pid, status)) = reaped else {
            continue;
        };
        if Some(pid) == wanted {
            let code = status
                .exit_status()
                .or_else(|| status.terminating_signal().map(|signal| 128 + signal));
            return Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1));
        }
    }
}
