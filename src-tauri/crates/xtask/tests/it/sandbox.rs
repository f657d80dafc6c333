//! The sandbox seen from outside; these tests run it within the sandbox that `xtask test` makes.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use gantry_xtask::real_platform;

const PATIENCE: Duration = Duration::from_secs(30);
const XTASK: &str = env!("CARGO_BIN_EXE_gantry-xtask");

fn sandbox(script: &str) -> Command {
    let mut command = Command::new(XTASK);
    command.args(["sandbox", "--", "sh", "-c", script]);
    command
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Starts a sandbox that stays, and gives it together with its folder.
fn start_staying() -> (Child, PathBuf) {
    let mut child = sandbox("echo $GANTRY_SANDBOX; exec sleep 3600")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut folder = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut folder)
        .unwrap();
    (child, PathBuf::from(folder.trim()))
}

fn answers(folder: &Path) -> bool {
    UnixStream::connect(folder.join("docker.sock")).is_ok()
}

#[test]
fn the_command_finds_a_daemon_and_its_exit_status_is_handed_on() {
    if real_platform::docker("the_command_finds_a_daemon").is_none() {
        return;
    }
    let output = sandbox("test -S /var/run/docker.sock && echo $DOCKER_HOST; exit 7")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(7));
    assert!(words(&output).starts_with("unix:///"), "{output:?}");
}

#[test]
fn the_folder_goes_away_with_the_sandbox() {
    if real_platform::docker("the_folder_goes_away").is_none() {
        return;
    }
    let folder = words(&sandbox("echo $GANTRY_SANDBOX").output().unwrap());
    assert!(folder.contains("gantry-sandbox-"), "{folder}");
    assert!(!Path::new(&folder).exists());
}

#[test]
fn a_killed_sandbox_takes_its_daemon_along_and_is_swept_away_by_the_next() {
    if real_platform::docker("a_killed_sandbox_takes_its_daemon_along").is_none() {
        return;
    }
    let (mut child, folder) = start_staying();
    assert!(answers(&folder));
    child.kill().unwrap();
    child.wait().unwrap();
    let killed = Instant::now();
    while answers(&folder) {
        assert!(killed.elapsed() < PATIENCE, "the daemon lives on");
        std::thread::yield_now();
    }
    assert!(sandbox("true").status().unwrap().success());
    assert!(!folder.exists());
}

#[test]
fn whoever_is_not_root_is_told_so_and_skips() {
    if real_platform::docker("whoever_is_not_root_is_told_so").is_none() {
        return;
    }
    let output = Command::new("setpriv")
        .args(["--reuid", "65534", "--", XTASK, "sandbox", "--", "true"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(77));
    assert_eq!(
        words(&output),
        "no sandbox: only root may make a sandbox for real platforms"
    );
}
