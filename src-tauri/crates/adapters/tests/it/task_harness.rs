//! Real programs under real shims; this test binary serves as the shim and as the driver.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use gantry_adapters::{
    secret::EnvironmentSecrets,
    task::{TaskSettings, Tasks, exec::ShimCommand},
};
use gantry_model::{
    id::{RunId, StepId},
    operation::{Direction, Key},
    time::Timestamp,
    unit::Span,
};
use gantry_port::{clock::Clock, ports::Call, task::Program};
use tempfile::TempDir;

/// How long a condition may take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);
const SHIM: &str = "as-shim";

/// Not a test when run as one: with the word among its arguments this binary is a shim.
#[test]
fn serves_as_shim() {
    if env::args().any(|word| word == SHIM) {
        let _status = gantry_shim::serve::serve();
    }
}

pub(crate) fn shim() -> ShimCommand {
    let name = concat!(module_path!(), "::serves_as_shim");
    let (_crate, test) = name.split_once("::").unwrap();
    ShimCommand {
        program: env::current_exe().unwrap(),
        args: ["--exact", test, SHIM].map(Into::into).to_vec(),
    }
}

/// A folder for one test; gone with it.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(
            tempfile::Builder::new()
                .prefix("gantry-task-")
                .tempdir()
                .unwrap(),
        )
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn tasks(&self) -> Tasks {
        tasks(self.0.path())
    }

    pub(crate) fn program(&self, argv: &[&str]) -> Program {
        program(self.0.path(), argv)
    }

    /// A program that is a shell line; the shell is the program under test here.
    pub(crate) fn script(&self, line: &str) -> Program {
        self.program(&["sh", "-c", line])
    }

    pub(crate) fn write(&self, name: &str, text: &str, mode: u32) {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    }

    /// Makes a pipe that a program can wait at until somebody writes into it.
    pub(crate) fn gate(&self, name: &str) {
        let mode = 0o600.into();
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, self.path(name), kind, mode, 0).unwrap();
    }

    /// Waits until a program has written a whole line into a file, and gives it.
    pub(crate) fn line(&self, name: &str) -> String {
        let path = self.path(name);
        eventually(name, || {
            let text = fs::read_to_string(&path).ok()?;
            Some(text.strip_suffix('\n')?.to_owned())
        })
    }
}

pub(crate) fn tasks(place: &Path) -> Tasks {
    let environment = [
        ("PATH", "/usr/bin:/bin"),
        ("HOME", "/home/nobody"),
        ("LANG", "C.UTF-8"),
        ("TZ", "UTC"),
        ("AWS_SECRET_ACCESS_KEY", "must-not-be-inherited"),
    ];
    let secrets = EnvironmentSecrets::new(Box::new(|name| {
        (name == "GANTRY_SECRET_API_TOKEN").then(|| "s3cr/t value".to_owned())
    }));
    Tasks::new(TaskSettings {
        folder: place.join("work.tasks"),
        shim: shim(),
        environment: environment
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<BTreeMap<_, _>>(),
        secrets: Arc::new(secrets),
        clock: Arc::new(Standing),
    })
}

pub(crate) fn program(folder: &Path, argv: &[&str]) -> Program {
    Program {
        argv: argv.iter().map(|text| (*text).to_owned()).collect(),
        folder: folder.to_str().unwrap().to_owned(),
        env: Vec::new(),
        timeout: Span::from_secs(60),
        secrets: Vec::new(),
        idempotent: false,
    }
}

pub(crate) fn call(round: u32) -> Call {
    let run: RunId = "shop-2.4".parse().unwrap();
    let step: StepId = "web/run".parse().unwrap();
    Call {
        key: Key::new(&run, &step, Direction::Do, round),
        epoch: 1,
        run,
        step,
        direction: Direction::Do,
        deadline: Standing.now() + chrono::TimeDelta::seconds(60),
    }
}

/// A clock that stands still, with waits that take as long as they say.
pub(crate) struct Standing;

#[async_trait]
impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn elapsed(&self) -> Span {
        Span::ZERO
    }

    async fn wait(&self, span: Span) {
        tokio::time::sleep(span.as_duration()).await;
    }
}

pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < until, "{what} did not come");
        thread::yield_now();
    }
}

pub(crate) fn exists(process: &str) -> bool {
    let stat = fs::read_to_string(Path::new("/proc").join(process).join("stat"));
    stat.is_ok_and(|text| !text.contains(") Z "))
}
