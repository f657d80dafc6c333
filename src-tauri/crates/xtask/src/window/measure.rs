//! How soon the window can be used, and what memory it takes, against the smallest there is.

use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use serde_json::json;

use super::driver::Session;
use super::page::Page;
use super::processes;
use super::stage::Stage;
use super::waiting::until;
use crate::{cargo, say::say};

/// How often each is started; they take turns, so that both meet the machine as it is.
const ROUNDS: usize = 7;

/// What the window may cost at most, in times of the smallest one.
const LIMITS: [f64; 2] = [1.3, 1.5];

/// When the page could be used, in milliseconds of the wall clock.
const INTERACTIVE: &str = "const [mark] = performance.getEntriesByName('interactive');
return mark && performance.timeOrigin + mark.startTime;";

/// A number of a start.
type Fact = fn(&Start) -> f64;

/// What one start came to.
struct Start {
    milliseconds: f64,
    kibibytes: f64,
}

/// Starts both in turn and prints the middle of each, and how many times the one is the other.
pub(super) fn run(gantry: &Path, hello: &Path) -> Result<()> {
    let sample = cargo::root().join("examples/first-release.yaml");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(start(hello, None)?);
        ours.push(start(gantry, Some(&sample))?);
    }
    say("| | hello-world window | Gantry, sample open | ratio | at most |");
    say("|---|---|---|---|---|");
    let rows: [(&str, Fact); 2] = [
        ("start to interactive, ms", |start| start.milliseconds),
        ("memory of all processes (PSS), MiB", |start| {
            start.kibibytes / 1024.0
        }),
    ];
    for ((name, of), limit) in rows.into_iter().zip(LIMITS) {
        let [hello, gantry] = [middle(&theirs, of), middle(&ours, of)];
        let ratio = gantry / hello;
        say(format_args!(
            "| {name} | {hello:.0} | {gantry:.0} | {ratio:.2} | {limit} |"
        ));
    }
    Ok(())
}

fn start(binary: &Path, file: Option<&Path>) -> Result<Start> {
    let stage = Stage::set(binary)?;
    let workspace = stage.file("gantry.db");
    let own = [OsStr::new("--db"), workspace.as_os_str()];
    let arguments: Vec<&OsStr> = match file {
        Some(file) => own.into_iter().chain([file.as_os_str()]).collect(),
        None => Vec::new(),
    };
    let session = Session::open(&stage, &arguments)?;
    let interactive = until("the page to be used", || {
        let mark = session.run(INTERACTIVE, &json!([]))?;
        mark.as_f64().context("it is not yet")
    })?;
    if file.is_some() {
        Page(&session).reads("[data-node=shop-window]", |_| true)?;
    }
    let began = began(session.app())?;
    let kibibytes = processes::descendants(session.app())
        .into_iter()
        .chain([session.app()])
        .filter_map(processes::memory_kib)
        .sum::<u64>();
    session.close()?;
    Ok(Start {
        milliseconds: interactive - began,
        // Both are far below 2^52.
        kibibytes: kibibytes as f64,
    })
}

/// When a process was started, in milliseconds of the wall clock.
fn began(pid: u32) -> Result<f64> {
    let uptime = std::fs::read_to_string("/proc/uptime").context("no clock of the machine")?;
    let uptime: f64 = uptime
        .split_whitespace()
        .next()
        .and_then(|seconds| seconds.parse().ok())
        .context("no clock of the machine")?;
    let started = processes::started(pid).context("the app is gone")?;
    let since: Duration = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok((since.as_secs_f64() - uptime) * 1e3 + started as f64 * 10.0)
}

fn middle(starts: &[Start], of: Fact) -> f64 {
    let mut values: Vec<f64> = starts.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
