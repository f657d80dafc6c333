//! Starts real shims on folders of their own.

use std::{
    fs,
    io::{Read, Write},
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use gantry_shim::{
    claim::{self, Look},
    record::Record,
    spec::Spec,
};
use tempfile::TempDir;

/// How long a condition may take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Place {
    folder: TempDir,
}

pub(crate) struct Shim {
    pub(crate) process: Child,
    pub(crate) driver: UnixStream,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::Builder::new()
                .prefix("gantry-shim-")
                .tempdir()
                .unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn task(&self) -> PathBuf {
        self.path("task")
    }

    /// A spec that runs a shell line; the shell is the program under test here.
    pub(crate) fn script(&self, line: &str) -> Spec {
        self.spec("/bin/sh", &["sh", "-c", line])
    }

    pub(crate) fn spec(&self, program: &str, argv: &[&str]) -> Spec {
        Spec {
            task: self.task(),
            key: "shop/web/run/do/1".into(),
            program: program.into(),
            argv: argv.iter().map(Into::into).collect(),
            directory: self.folder.path().into(),
            environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
            timeout: PATIENCE,
            grace: Duration::from_secs(5),
            output_cap: 64 << 10,
            secrets: Vec::new(),
        }
    }

    pub(crate) fn look(&self) -> Look {
        claim::look(&self.task()).unwrap()
    }

    /// Waits until the record is there.
    pub(crate) fn record(&self) -> Record {
        eventually("a record", || match self.look() {
            Look::Finished(record) => Some(record),
            Look::Absent | Look::Held(_) | Look::Left(_) => None,
        })
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

impl Shim {
    pub(crate) fn start(spec: &Spec) -> Self {
        let shim = Self::waiting();
        (&shim.driver).write_all(&spec.to_bytes()).unwrap();
        shim
    }

    /// A shim that was not told yet what to run.
    pub(crate) fn waiting() -> Self {
        let (driver, theirs) = UnixStream::pair().unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_gantry-shim"))
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { process, driver }
    }

    /// Waits until the shim is gone; gives its exit status and all it said.
    pub(crate) fn finish(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.driver.read_to_string(&mut said).unwrap();
        (self.process.wait().unwrap().code(), said)
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
