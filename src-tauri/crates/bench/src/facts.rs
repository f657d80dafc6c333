//! The machine and the versions that numbers hold for.

use std::{fs, path::Path, process::Command};

/// Describes machine, load, and the programs that are compared, in one line.
pub(crate) fn line(gantry: &Path) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpu.lines().find_map(|line| line.strip_prefix("model name"));
    let cpu = cpu.map_or("?", |name| name.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let busy = match load.parse::<f64>() {
        Ok(load) if load < 0.5 * cores as f64 => "quiet machine",
        Ok(_) => "BUSY machine",
        Err(_) => "machine",
    };
    format!(
        "_{busy}: load {load} on {cores} x {cpu}, Linux {}, {}; {}, {}, ninja {}, SQLite {}_",
        kernel.trim(),
        memory(),
        version(gantry),
        version(Path::new("make")),
        version(Path::new("ninja")),
        rusqlite::version()
    )
}

fn memory() -> String {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    let kib: Option<f64> = total.and_then(|total| total.trim().strip_suffix(" kB")?.parse().ok());
    kib.map_or("? GiB".into(), |kib| {
        format!("{:.0} GiB", kib / 1024.0 / 1024.0)
    })
}

fn version(program: &Path) -> String {
    let output = Command::new(program).arg("--version").output();
    let first = output.ok().and_then(|output| {
        let text = String::from_utf8(output.stdout).ok()?;
        text.lines().next().map(str::to_owned)
    });
    first.unwrap_or_else(|| "not installed".into())
}

/// Says whether a program is installed.
pub(crate) fn is_installed(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}
