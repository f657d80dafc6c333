//! Programs, under a keeper or each under a shim; both outlive the driver.
//!
//! What became of a key is read from its files alone ([`gantry_shim::claim::look`]), never
//! remembered, so it makes no difference whether this process started the program or one that was
//! killed long ago.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use gantry_model::{digest::Digest, operation::Key, unit::Span};
use gantry_port::{
    fault::Fault,
    ports::Call,
    secret::Secrets,
    task::{Finished, Program, TaskSighting},
};
use gantry_shim::{
    claim::{self, Look},
    record::Record,
    spec::Spec,
};

pub use self::launch::ShimCommand;
use self::{
    keeper::{Keepers, Kept},
    launch::{Launch, launch},
};

mod cancel;
mod keeper;
mod launch;
mod locate;
mod prepare;
mod waiting;

/// How often `run` looks again because a key was freed or taken between its look and its start.
const ROUNDS: u32 = 100;
/// A file's name may have 255 bytes; a longer one is cut and told apart by its digest.
const LONGEST_NAME: usize = 200;

/// Runs programs exactly once for each key.
pub struct Programs {
    folder: PathBuf,
    shim: ShimCommand,
    keepers: Keepers,
    environment: BTreeMap<String, String>,
    secrets: Arc<dyn Secrets>,
}

impl Programs {
    /// Builds the adapter; see [`super::TaskSettings`] for what the parts mean.
    pub fn new(
        folder: PathBuf,
        shim: ShimCommand,
        environment: BTreeMap<String, String>,
        secrets: Arc<dyn Secrets>,
    ) -> Self {
        Self {
            folder,
            shim,
            keepers: Keepers::default(),
            environment,
            secrets,
        }
    }

    /// Looks whether the program is there and may be started.
    ///
    /// # Errors
    /// Unsent, with a sentence that names what was looked for and where.
    pub fn ready(&self, program: &Program) -> Result<(), Fault> {
        // A PATH of the task's own may hold a secret, and then only the start can tell.
        if program.env.iter().any(|(name, _)| name == "PATH") {
            return Ok(());
        }
        let name = program.argv.first().map_or("", String::as_str);
        let path = self
            .environment
            .get("PATH")
            .map_or(prepare::DEFAULT_PATH, String::as_str);
        locate::locate(name, Path::new(&program.folder), path).map_err(Fault::unsent)?;
        Ok(())
    }

    /// Runs a program, attaches to it, or answers from its record.
    ///
    /// What vanished is started again under the same key if the program is idempotent, and only if
    /// it had vanished before this call.
    ///
    /// # Errors
    /// Unsent if it could not be started, and then the key is free; lost if it vanished.
    pub async fn run(&self, call: &Call, program: &Program) -> Result<Finished, Fault> {
        let task = self.task(&call.key)?;
        let mut vanished = Vanished::Before;
        for _ in 0..ROUNDS {
            match look(&task)? {
                Look::Finished(record) => return Ok(finished(&record)),
                Look::Held(claim) => {
                    waiting::until_changed(&task, &claim).await;
                    vanished = Vanished::Now;
                }
                Look::Left(_) => match (vanished, program.idempotent) {
                    (Vanished::Before, true) => put_away(&task)?,
                    (Vanished::Before | Vanished::Now, _) => return Err(lost(&call.key)),
                },
                Look::Absent => {
                    self.start(call, program, &task).await?;
                    vanished = Vanished::Now;
                }
            }
        }
        let key = &call.key;
        Err(Fault::lost(format!(
            "task {key} is claimed and freed again and again; look whether another Gantry runs it"
        )))
    }

    /// Starts the program and waits until its end is recorded or whoever ran it is gone; what came of it is in its files.
    async fn start(&self, call: &Call, program: &Program, task: &Path) -> Result<(), Fault> {
        self.make_folder()?;
        let spec = prepare::Preparation {
            call,
            program,
            inherited: &self.environment,
            secrets: &*self.secrets,
        };
        let spec = spec.spec(task).await?;
        match self.launch(&spec).await {
            Ok(Launch::Taken) => Ok(()),
            Ok(Launch::Over) => match look(task)? {
                Look::Absent => Err(Fault::unsent(format!(
                    "{} ended and started nothing; reinstall Gantry",
                    self.shim.program.display()
                ))),
                Look::Held(_) | Look::Left(_) | Look::Finished(_) => Ok(()),
            },
            Ok(Launch::NotStarted(reason)) => Err(Fault::unsent(reason)),
            Err(error) => Err(Fault::unsent(format!(
                "the shim {} cannot be started: {error}; reinstall Gantry",
                self.shim.program.display()
            ))),
        }
    }

    async fn launch(&self, spec: &Spec) -> io::Result<Launch> {
        match self.keepers.launch(&self.shim, spec).await? {
            Kept::By(launch) => Ok(launch),
            Kept::Not => launch(&self.shim, spec).await,
        }
    }

    /// Looks what became of a key.
    ///
    /// # Errors
    /// If its files cannot be read.
    pub fn find(&self, key: &Key) -> Result<TaskSighting, Fault> {
        Ok(match look(&self.task(key)?)? {
            Look::Absent => TaskSighting::NeverStarted,
            Look::Held(_) => TaskSighting::Running,
            Look::Left(_) => TaskSighting::Vanished,
            Look::Finished(record) => TaskSighting::Finished(finished(&record)),
        })
    }

    /// Asks the process group of a key to end, and kills it if it does not.
    ///
    /// # Errors
    /// Lost if it is still there after that.
    pub async fn cancel(&self, key: &Key) -> Result<(), Fault> {
        cancel::cancel(key, &self.task(key)?).await
    }

    fn task(&self, key: &Key) -> Result<PathBuf, Fault> {
        std::path::absolute(&self.folder)
            .map(|folder| folder.join(file_name(key.as_str())))
            .map_err(|error| unreadable(&self.folder, &error))
    }

    /// Makes the folder that all keys lie in; others cannot look in, because output is private.
    fn make_folder(&self) -> Result<(), Fault> {
        if self.folder.is_dir() {
            return Ok(());
        }
        let made = fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder);
        let durable = made.and_then(|()| match self.folder.parent() {
            Some(parent) if parent.is_dir() => fs::File::open(parent)?.sync_all(),
            Some(_) | None => Ok(()),
        });
        durable.map_err(|error| {
            let folder = self.folder.display();
            Fault::unsent(format!("{folder} cannot be created for tasks: {error}"))
        })
    }
}

/// Whether a task that is found vanished had vanished before this call or was seen alive by it.
#[derive(Clone, Copy)]
enum Vanished {
    Before,
    Now,
}

fn look(task: &Path) -> Result<Look, Fault> {
    claim::look(task).map_err(|error| unreadable(task, &error))
}

/// Frees the key; if somebody else was faster, the next look says so.
fn put_away(task: &Path) -> Result<(), Fault> {
    claim::put_away(task)
        .map(|_| ())
        .map_err(|error| unreadable(task, &error))
}

fn unreadable(task: &Path, error: &io::Error) -> Fault {
    let task = task.display();
    Fault::lost(format!(
        "what became of the task {task} cannot be read: {error}"
    ))
}

fn lost(key: &Key) -> Fault {
    Fault::lost(format!(
        "task {key} was started and no longer runs, and how it ended was not recorded; \
         look what it did and resolve the step"
    ))
}

fn finished(record: &Record) -> Finished {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Finished {
        status: record.status,
        signal: record.signal,
        stdout: text(&record.stdout.end),
        stderr: text(&record.stderr.end),
        took: Span::from_millis(u64::try_from(record.took.as_millis()).unwrap_or(u64::MAX)),
        timed_out: record.timed_out,
    }
}

/// Gives the name of a key's files: `+` stands for `/` and is in no key, so no two keys share one.
fn file_name(key: &str) -> String {
    let name = key.replace('/', "+");
    match name.split_at_checked(LONGEST_NAME - 80) {
        Some((front, _)) if name.len() > LONGEST_NAME => {
            let digest = Digest::of(key).to_string().replace(':', "-");
            format!("{front}+{digest}")
        }
        Some(_) | None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_share_a_file_and_no_name_is_too_long() {
        assert_eq!(file_name("shop:2/web/run/do/1"), "shop:2+web+run+do+1");
        let long = |last: &str| file_name(&format!("{}/{last}", "a".repeat(300)));
        assert_ne!(long("1"), long("2"));
        assert!(long("1").len() <= LONGEST_NAME);
    }
}
