//! Other programs: how long they take, and how much memory at most.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

/// Runs a program to its end, without its output, and gives the seconds.
pub(crate) fn time(command: &mut Command) -> Result<f64> {
    let named = format!("{command:?}");
    let started = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .with_context(|| named.clone())?;
    let seconds = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{named} ended with {}: {said}",
        output.status
    );
    Ok(seconds)
}

/// Runs a program and gives the most memory that it was seen to hold, in MiB.
pub(crate) fn peak_memory(command: &mut Command) -> Result<f64> {
    let named = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| named.clone())?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    loop {
        peak = peak_in(&status_file).unwrap_or(peak);
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "{named} ended with {status}");
            return Ok(peak);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Reads the kernel's own high-water mark; a process that has ended has none.
pub(crate) fn peak_in(status_file: &str) -> Option<f64> {
    let text = fs::read_to_string(status_file).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}
