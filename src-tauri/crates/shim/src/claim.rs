//! The claim on a key: who may start its program, and what became of it.
//!
//! A claim is a file that is written in full and locked before it becomes visible under its name,
//! by a hard link, which only one of many can make. The program inherits the locked file, so the
//! lock is held until the shim and everything that it started are gone, and the kernel lets go of
//! it whatever kills them. A free lock therefore proves that nothing runs.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use rustix::{
    fs::{FlockOperation, flock},
    io::{FdFlags, fcntl_setfd},
    process::getpid,
};

use crate::{
    process::{Process, boot},
    record::{self, Record},
    serve::Names,
};

/// What is added to the task's path to name the claim.
pub const SUFFIX: &str = "claim";
const FIRST_LINE: &str = "gantry-claim 1";

/// What a claim says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The shim or keeper that took it.
    pub shim: Option<Process>,
    /// Whether that process ends with this task.
    pub serving: Serving,
    /// The program, which is the leader of its process group; `None` until it was started.
    pub program: Option<Process>,
    /// The boot during which it was taken.
    pub boot: String,
}

/// How many tasks the process that took a claim serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serving {
    /// This one: it is a shim and ends with it.
    One,
    /// Several: it is a keeper and may live longer.
    Many,
}

impl Serving {
    /// Gives the word before the process in a claim.
    fn word(self) -> &'static str {
        match self {
            Self::One => "shim",
            Self::Many => "keeper",
        }
    }
}

/// What became of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nothing was ever started.
    Absent,
    /// The shim or something that it started lives.
    Held(Claim),
    /// Everything is gone and nobody recorded the end.
    Left(Claim),
    /// It has ended, and this is how.
    Finished(Record),
}

/// Looks what became of a task.
///
/// # Errors
/// If its files cannot be read.
pub fn look(task: &Path) -> io::Result<Look> {
    if let Some(record) = recorded(task)? {
        return Ok(Look::Finished(record));
    }
    let Some(file) = unless_absent(File::open(task.with_added_extension(SUFFIX)))? else {
        return Ok(Look::Absent);
    };
    let claim = Claim::from_text(&io::read_to_string(&file)?);
    if !free(&file)? || claim.program_runs() {
        return Ok(Look::Held(claim));
    }
    // The end may have been recorded between the first look and the lock becoming free.
    match recorded(task)? {
        Some(record) => Ok(Look::Finished(record)),
        None => Ok(Look::Left(claim)),
    }
}

fn recorded(task: &Path) -> io::Result<Option<Record>> {
    let bytes = unless_absent(fs::read(task.with_added_extension(record::SUFFIX)))?;
    Ok(bytes.and_then(|bytes| Record::from_bytes(&bytes)))
}

fn unless_absent<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Says whether nobody holds the lock; a shared lock, so that two who look do not see each other.
fn free(file: &File) -> io::Result<bool> {
    match flock(file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => Ok(true),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Puts away what a vanished task left, so that the same key can be started again.
/// Answers whether the key is free now; it is not if somebody else started it meanwhile.
///
/// # Errors
/// If the files cannot be changed.
pub fn put_away(task: &Path) -> io::Result<bool> {
    let place = task.with_added_extension(SUFFIX);
    let Some(file) = unless_absent(File::open(&place))? else {
        return Ok(true);
    };
    if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(false);
    }
    // Whoever else put this one away and started again has made another file of that name.
    let same = fs::metadata(&place).is_ok_and(|there| {
        file.metadata()
            .is_ok_and(|ours| (ours.dev(), ours.ino()) == (there.dev(), there.ino()))
    });
    if !same || recorded(task)?.is_some() {
        return Ok(false);
    }
    let vanished = |number: u32| task.with_added_extension(format!("vanished.{number}"));
    let number = (1..).find(|number| !vanished(*number).exists());
    fs::rename(&place, vanished(number.unwrap_or(0)))?;
    // A record that is not whole, as after a power failure, is none.
    unless_absent(fs::remove_file(task.with_added_extension(record::SUFFIX)))?;
    sync_names(task)?;
    Ok(true)
}

impl Claim {
    /// Says whether the program was seen to start and still runs; needed where it closed the
    /// locked file that it inherited and its shim was killed.
    fn program_runs(&self) -> bool {
        self.boot == boot() && self.program.is_some_and(Process::runs)
    }

    fn from_text(text: &str) -> Self {
        let value = |name: &str| {
            let mut lines = text.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        };
        let (serving, shim) = match value(Serving::Many.word()) {
            Some(keeper) => (Serving::Many, Some(keeper)),
            None => (Serving::One, value(Serving::One.word())),
        };
        Self {
            shim: shim.and_then(Process::from_text),
            serving,
            program: value("program").and_then(Process::from_text),
            boot: value("boot").unwrap_or_default().to_owned(),
        }
    }
}

/// A claim that this process took.
pub(crate) struct Taken {
    file: File,
    place: PathBuf,
}

/// Drafts that this process has made.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

/// Takes the claim, durably; `None` if somebody has it already.
pub(crate) fn take(
    task: &Path,
    key: &str,
    serving: Serving,
    names: &Names,
) -> io::Result<Option<Taken>> {
    // A keeper may be asked for the same key twice at once: a draft that two share would be
    // emptied under the name that it was already linked to.
    let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
    let draft = task.with_added_extension(format!("draft.{}.{number}", getpid().as_raw_nonzero()));
    let taken = take_through(&draft, task, &text(key, serving));
    let _absent = fs::remove_file(&draft);
    let Some(taken) = taken? else {
        return Ok(None);
    };
    // One flush, and no more: that there is a claim must survive a power failure, what it says is
    // about processes that will not.
    match names.flush() {
        Ok(()) => Ok(Some(taken)),
        Err(error) => taken.give_up().and(Err(error)),
    }
}

fn text(key: &str, serving: Serving) -> String {
    let process = Process::of(getpid()).map_or_else(String::new, Process::to_text);
    let (boot, word) = (boot(), serving.word());
    format!("{FIRST_LINE}\nkey {key}\nboot {boot}\n{word} {process}\n")
}

fn take_through(draft: &Path, task: &Path, text: &str) -> io::Result<Option<Taken>> {
    let mut file = File::create(draft)?;
    file.write_all(text.as_bytes())?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    let place = task.with_added_extension(SUFFIX);
    match fs::hard_link(draft, &place) {
        Ok(()) => Ok(Some(Taken { file, place })),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes durable which files a task has.
fn sync_names(task: &Path) -> io::Result<()> {
    match task.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

impl Taken {
    /// Lets the next program that is started inherit the lock.
    pub(crate) fn share(&self) -> io::Result<()> {
        Ok(fcntl_setfd(&self.file, FdFlags::empty())?)
    }

    /// Lets no further program inherit the lock.
    pub(crate) fn keep(&self) -> io::Result<()> {
        Ok(fcntl_setfd(&self.file, FdFlags::CLOEXEC)?)
    }

    /// Notes which process the program is; a hint for cancelling, so it need not be durable.
    pub(crate) fn note(&mut self, program: Process) {
        let line = format!("program {}\n", program.to_text());
        let _full = self.file.write_all(line.as_bytes());
    }

    /// Frees the key again, because its program could not be started.
    pub(crate) fn give_up(self) -> io::Result<()> {
        fs::remove_file(self.place)
    }
}
