//! Keepers: processes that start one task after the other for this driver and outlive it.
//!
//! A keeper spares each task the start of a program of ours. It holds a few open files for each
//! task under way, so it takes only so many; a further one is started where that is not enough.
//! Which tasks it runs is in their files, not here: when a keeper or this process is killed,
//! nothing is lost but the news of their end.

use std::{
    collections::HashMap,
    io,
    os::unix::net::UnixStream as Pair,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use gantry_shim::{
    reply::{READY, Reply},
    spec::{KEEPER, Spec},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    process::Child,
    sync::{mpsc, oneshot},
};

use super::launch::{Launch, ShimCommand};

/// How many tasks a keeper has under way at most; each has five files open, of the 1024 that a
/// process may have.
const MOST: usize = 64;

/// The keepers of one driver, started when they are needed.
#[derive(Default)]
pub(super) struct Keepers {
    open: Mutex<Vec<Arc<Keeper>>>,
}

/// What came of asking for a keeper.
pub(super) enum Kept {
    /// It took the task, and this is how the start went.
    By(Launch),
    /// The shim knows no keepers or ended at once: the task needs a shim of its own.
    Not,
}

struct Keeper {
    requests: mpsc::UnboundedSender<Request>,
    under_way: AtomicUsize,
}

struct Request {
    bytes: Vec<u8>,
    answer: oneshot::Sender<Kept>,
}

impl Keepers {
    /// Has a keeper start a task and waits until it has recorded the end or is gone.
    /// Dropping the future leaves keeper and program running.
    ///
    /// # Errors
    /// If no process can be started; then nothing was asked of anybody.
    pub(super) async fn launch(&self, shim: &ShimCommand, spec: &Spec) -> io::Result<Kept> {
        let keeper = self.free(shim)?;
        let _place = Place(&keeper.under_way);
        let (answer, answered) = oneshot::channel();
        let bytes = spec.to_bytes();
        if keeper.requests.send(Request { bytes, answer }).is_err() {
            // It ended between being chosen and being asked.
            return Ok(Kept::Not);
        }
        // Whoever listened to it is gone, and the files tell.
        Ok(answered.await.unwrap_or(Kept::By(Launch::Over)))
    }

    /// Finds a keeper with a free place and takes the place, or starts a keeper.
    fn free(&self, shim: &ShimCommand) -> io::Result<Arc<Keeper>> {
        let mut open = lock(&self.open);
        open.retain(|keeper| !keeper.requests.is_closed());
        let free = |keeper: &&Arc<Keeper>| keeper.under_way.load(Ordering::Relaxed) < MOST;
        let keeper = match open.iter().find(free) {
            Some(keeper) => Arc::clone(keeper),
            None => {
                let keeper = Arc::new(Keeper::start(shim)?);
                open.push(Arc::clone(&keeper));
                keeper
            }
        };
        keeper.under_way.fetch_add(1, Ordering::Relaxed);
        Ok(keeper)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A place at a keeper, free again when this is dropped.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Keeper {
    fn start(shim: &ShimCommand) -> io::Result<Self> {
        let (ours, theirs) = Pair::pair()?;
        // Reaped by the runtime once it ends; dropping it does not end it.
        let process = shim.command(theirs).spawn()?;
        ours.set_nonblocking(true)?;
        let socket = UnixStream::from_std(ours)?;
        let (requests, asked) = mpsc::unbounded_channel();
        let talk = Talk {
            socket,
            _process: process,
            asked,
            said: 0,
            waiting: HashMap::new(),
            received: Vec::new(),
        };
        // It ends when the keeper does or when nobody can ask any more, whichever is first.
        tokio::spawn(talk.go_on());
        Ok(Self {
            requests,
            under_way: AtomicUsize::new(0),
        })
    }
}

/// The talk with one keeper.
struct Talk {
    socket: UnixStream,
    _process: Child,
    asked: mpsc::UnboundedReceiver<Request>,
    said: u32,
    waiting: HashMap<u32, oneshot::Sender<Kept>>,
    received: Vec<u8>,
}

impl Talk {
    async fn go_on(mut self) {
        let over = match self.open().await {
            Ok(()) => {
                // However it ends, the files tell what became of each task.
                let _ended = self.listen().await;
                || Kept::By(Launch::Over)
            }
            Err(_) => || Kept::Not,
        };
        self.asked.close();
        while let Ok(request) = self.asked.try_recv() {
            let _gone = request.answer.send(Kept::Not);
        }
        for (_, answer) in self.waiting {
            let _gone = answer.send(over());
        }
    }

    /// Says what is wanted and hears that it is there.
    async fn open(&mut self) -> io::Result<()> {
        self.socket.write_all(&KEEPER).await?;
        match self.socket.read_u8().await? {
            READY => Ok(()),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    async fn listen(&mut self) -> io::Result<()> {
        loop {
            tokio::select! {
                request = self.asked.recv() => match request {
                    Some(request) => self.ask(request).await?,
                    None => return Ok(()),
                },
                read = self.socket.read_buf(&mut self.received) => match read? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    _ => self.hear(),
                },
            }
        }
    }

    /// Writes all that was asked by now at once: the keeper flushes once for what it is told together.
    async fn ask(&mut self, first: Request) -> io::Result<()> {
        let mut bytes = Vec::new();
        let mut next = Some(first);
        while let Some(request) = next {
            self.said = self.said.wrapping_add(1);
            bytes.extend_from_slice(&self.said.to_le_bytes());
            bytes.extend_from_slice(&request.bytes);
            self.waiting.insert(self.said, request.answer);
            next = self.asked.try_recv().ok();
        }
        self.socket.write_all(&bytes).await
    }

    fn hear(&mut self) {
        while let Some((number, reply, length)) = Reply::first_framed(&self.received) {
            self.received.drain(..length);
            let launch = match reply {
                Reply::Started => continue,
                Reply::Finished => Launch::Over,
                Reply::Taken => Launch::Taken,
                Reply::NotStarted(reason) => Launch::NotStarted(reason),
            };
            if let Some(answer) = self.waiting.remove(&number) {
                // Whoever asked may have stopped waiting.
                let _gone = answer.send(Kept::By(launch));
            }
        }
    }
}
