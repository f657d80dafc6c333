//! A screen of one's own, with somebody who manages its windows and a bus for its programs.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Virtual hardware for one app; ended when it is dropped.
pub(super) struct Display {
    name: String,
    bus: String,
    /// In the order of their ends: whoever draws ends before what it draws on.
    _programs: [Ended; 3],
}

impl Display {
    /// Starts a screen of this size with a number that is free.
    pub(super) fn start(width: u32, height: u32) -> Result<Self> {
        let size = format!("{width}x{height}x24");
        let mut screen = Ended::spawn(dying_with_us("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &size,
            "-nolisten",
            "tcp",
        ]))?;
        let name = format!(":{}", screen.first_line()?);
        let mut bus = Ended::spawn(dying_with_us("dbus-daemon").args([
            "--session",
            "--nofork",
            "--nopidfile",
            "--print-address=1",
        ]))?;
        let address = bus.first_line()?;
        let mut windows = dying_with_us("openbox");
        windows.args(["--sm-disable"]).env("DISPLAY", &name);
        Ok(Self {
            name,
            bus: address,
            _programs: [Ended::spawn(&mut windows)?, bus, screen],
        })
    }

    /// Lets a program find them, and no other screen or bus of this machine.
    pub(super) fn lend(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("GDK_BACKEND", "x11")
            .env("LANG", "en_US.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY");
    }
}

/// A program that ends with what holds it.
struct Ended(Child);

impl Ended {
    fn spawn(command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start a screen: run `cargo xtask setup`")?;
        Ok(Self(child))
    }

    fn first_line(&mut self) -> Result<String> {
        let output = self.0.stdout.take().context("a program without output")?;
        let line = first_line(output)?;
        if line.is_empty() {
            bail!("no screen can be started here: run `cargo xtask setup`");
        }
        Ok(line)
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _already_gone = self.0.kill();
        let _already_reaped = self.0.wait();
    }
}

fn first_line(output: impl Read) -> Result<String> {
    let mut line = String::new();
    BufReader::new(output)
        .read_line(&mut line)
        .context("no line")?;
    Ok(line.trim().to_owned())
}

/// A program that the kernel ends when this one is killed.
pub(super) fn dying_with_us(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--", program]);
    command
}
