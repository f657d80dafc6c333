//! Starts a shim and listens to it.

use std::{
    ffi::OsString,
    io,
    os::{fd::OwnedFd, unix::net::UnixStream as Pair},
    path::{Path, PathBuf},
    process::Stdio,
};

use gantry_shim::{reply::Reply, spec::Spec};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    process::Command,
};

/// How a shim is started: any program that calls `gantry_shim::serve::serve` and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShimCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

impl ShimCommand {
    /// The hidden word with which an executable of ours serves as its own shim.
    pub const WORD: &str = "__shim";

    /// Finds the shim of an executable: `gantry-shim` beside it, which is smaller and starts
    /// faster, or else the executable itself with [`Self::WORD`].
    pub fn of(executable: &Path) -> Self {
        let beside = executable.with_file_name("gantry-shim");
        if beside.is_file() {
            return Self {
                program: beside,
                args: Vec::new(),
            };
        }
        Self {
            program: executable.to_owned(),
            args: vec![Self::WORD.into()],
        }
    }

    /// Gives the command that starts it, listening to the other end of `theirs`.
    ///
    /// No environment: the driver's may hold secrets, and the shim needs nothing of it.
    pub(super) fn command(&self, theirs: Pair) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

/// How a start went.
pub(super) enum Launch {
    /// The shim has nothing more to say; the files tell.
    Over,
    /// Another shim was faster.
    Taken,
    /// The program was not started, and why.
    NotStarted(String),
}

/// Starts a shim for this task alone and waits until it has recorded the end or is gone.
/// Dropping the future leaves shim and program running.
pub(super) async fn launch(shim: &ShimCommand, spec: &Spec) -> io::Result<Launch> {
    let (ours, theirs) = Pair::pair()?;
    // Reaped by the runtime once it ends; dropping it does not end it.
    let _child = shim.command(theirs).spawn()?;
    ours.set_nonblocking(true)?;
    let mut driver = UnixStream::from_std(ours)?;
    if let Err(error) = driver.write_all(&spec.to_bytes()).await {
        let reason = format!("the shim ended before it took the task: {error}");
        return Ok(Launch::NotStarted(reason));
    }
    listen(&mut driver).await
}

async fn listen(driver: &mut UnixStream) -> io::Result<Launch> {
    let mut received = Vec::new();
    loop {
        // A shim that was killed may reset the connection; the files tell what it did.
        let ended = driver.read_buf(&mut received).await.unwrap_or(0) == 0;
        while let Some((reply, length)) = Reply::first(&received) {
            match reply {
                Reply::Started => {}
                Reply::Finished => return Ok(Launch::Over),
                Reply::Taken => return Ok(Launch::Taken),
                // The sentence goes on until the shim is gone.
                Reply::NotStarted(_) if !ended => break,
                Reply::NotStarted(reason) => return Ok(Launch::NotStarted(reason)),
            }
            received.drain(..length);
        }
        if ended {
            return Ok(Launch::Over);
        }
    }
}
