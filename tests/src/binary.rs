//! The program under test, built once.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::{Duration, SystemTime},
};

/// How long a copy of an older build is kept: another run of the tests may still use it.
const KEEP: Duration = Duration::from_secs(3600);

/// Gives the path of `gantry`, which has its shim beside it.
///
/// `GANTRY_BINARY` names one to be tested as it is. Otherwise it is built with the profile of the
/// tests and then copied: a build that somebody starts meanwhile replaces the original.
pub fn gantry() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match env::var_os("GANTRY_BINARY") {
        Some(path) => PathBuf::from(path),
        None => copied(&built()),
    })
}

/// Builds under a lock: nextest runs each test in a process of its own, and one build serves all.
fn built() -> PathBuf {
    let profile = profile_folder();
    let own = profile.join("gantry-tests");
    fs::create_dir_all(&own).expect("the target folder can be written");
    let lock = fs::File::create(own.join("lock")).expect("the target folder can be written");
    lock.lock().expect("the file system knows locks");
    let stamp = own.join("built");
    let run = env::var("NEXTEST_RUN_ID").ok();
    if run.is_none() || fs::read_to_string(&stamp).ok() != run {
        build(&profile);
        fs::write(&stamp, run.unwrap_or_default()).expect("the target folder can be written");
    }
    profile.join("gantry")
}

/// Gives `target/debug` from `target/debug/deps/it-…`.
fn profile_folder() -> PathBuf {
    let test = env::current_exe().expect("a test knows where it is");
    let profile = test.ancestors().nth(2);
    profile.expect("tests lie two folders deep").to_path_buf()
}

fn build(profile: &Path) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let name = match profile.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let target = profile.parent().unwrap_or(profile);
    let status = Command::new(cargo)
        .args(["build", "--quiet", "-p", "gantry-cli", "-p", "gantry-shim"])
        .args(["--profile", name])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(
        status.expect("cargo can be started").success(),
        "gantry cannot be built"
    );
}

/// Copies the two programs to a folder named after their build.
fn copied(built: &Path) -> PathBuf {
    let from = built.parent().expect("the program lies in a folder");
    let metadata = fs::metadata(built).expect("the program was built");
    let age = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    let name = format!("build-{:x}", age.unwrap_or_default().as_nanos());
    let folder = from.join("gantry-tests").join(name);
    if !folder.exists() {
        forget_old(&from.join("gantry-tests"));
        let part = folder.with_extension(std::process::id().to_string());
        fs::create_dir_all(&part).expect("the target folder can be written");
        for program in ["gantry", "gantry-shim"] {
            fs::copy(from.join(program), part.join(program)).expect("the program was built");
        }
        // Somebody else may have been quicker with the same copy.
        if fs::rename(&part, &folder).is_err() {
            drop(fs::remove_dir_all(&part));
        }
    }
    folder.join("gantry")
}

/// Best effort: what cannot be removed now is removed another time.
fn forget_old(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.path().is_dir()) {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|time| time.elapsed().ok());
        if age.is_some_and(|age| age > KEEP) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}
