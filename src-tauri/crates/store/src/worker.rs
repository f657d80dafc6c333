//! A thread that owns a connection and answers requests, many in one transaction.

use std::{
    io, iter,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
};

use gantry_port::journal::StoreError;
use tokio::sync::oneshot;

use crate::{failure::Failure, session::Session};

/// What a worker does with its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Writes; requests that queue up during a commit share the next one.
    Write,
    /// Reads, each request from one unchanging view of the file.
    Read,
}

impl Role {
    fn begin(self) -> &'static str {
        match self {
            Self::Write => "BEGIN IMMEDIATE",
            Self::Read => "BEGIN DEFERRED",
        }
    }

    /// Readers gain nothing by waiting for each other.
    fn group(self) -> usize {
        match self {
            Self::Write => 256,
            Self::Read => 1,
        }
    }
}

/// The handle of a thread that owns a connection; dropping it ends the thread and closes the file.
pub(crate) struct Worker {
    queue: Option<Sender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
    commits: Arc<AtomicU64>,
}

impl Worker {
    /// Starts the thread.
    pub(crate) fn start(session: Session, role: Role) -> io::Result<Self> {
        let (queue, requests) = channel();
        let commits = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&commits);
        let thread = thread::Builder::new()
            .name(format!("store-{role:?}").to_lowercase())
            .spawn(move || serve(&session, role, &requests, &counted))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            commits,
        })
    }

    /// Says how many transactions with something in them were made durable.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Runs `body` in a transaction; when this returns `Ok`, the transaction is durable.
    pub(crate) async fn run<T, F>(&self, body: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Session) -> Result<T, Failure> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let request = Request {
            body: Some(body),
            outcome: None,
            answer,
        };
        let gone = || StoreError::Storage("the store has been closed".into());
        let queue = self.queue.as_ref().ok_or_else(gone)?;
        queue.send(Box::new(request)).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            // A panic in the thread has been reported when it happened.
            let _ended = thread.join();
        }
    }
}

fn serve(session: &Session, role: Role, requests: &Receiver<Box<dyn Work>>, commits: &AtomicU64) {
    while let Ok(first) = requests.recv() {
        let others = requests.try_iter().take(role.group() - 1);
        let mut group: Vec<_> = iter::once(first).chain(others).collect();
        let done = together(session, role, &mut group, commits);
        if done.is_err() {
            session.roll_back();
        }
        let done = done.map_err(|failure| failure.into_store_error(session.file()));
        for request in group {
            request.answer(session, done.clone());
        }
    }
}

fn together(
    session: &Session,
    role: Role,
    group: &mut [Box<dyn Work>],
    commits: &AtomicU64,
) -> Result<(), Failure> {
    session.begin(role.begin())?;
    let mut kept = 0_usize;
    for request in group {
        session.mark()?;
        if request.attempt(session) {
            session.keep()?;
            kept += 1;
        } else if session.is_in_transaction() {
            session.take_back()?;
        } else {
            return Err(Failure::Unusable("SQLite gave the transaction up".into()));
        }
    }
    match role {
        Role::Write if kept > 0 => {
            session.commit()?;
            commits.fetch_add(1, Ordering::Relaxed);
            session.answer()
        }
        Role::Write | Role::Read => {
            session.roll_back();
            Ok(())
        }
    }
}

/// A request whose type of answer is forgotten.
trait Work: Send {
    /// Runs the request inside the open transaction and says whether it is to be kept.
    fn attempt(&mut self, session: &Session) -> bool;

    /// Tells the caller how it went.
    fn answer(self: Box<Self>, session: &Session, done: Result<(), StoreError>);
}

struct Request<T, F> {
    body: Option<F>,
    outcome: Option<Result<T, Failure>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Work for Request<T, F>
where
    T: Send,
    F: FnOnce(&Session) -> Result<T, Failure> + Send,
{
    fn attempt(&mut self, session: &Session) -> bool {
        let outcome = self.body.take().map(|body| body(session));
        let keep = matches!(outcome, Some(Ok(_)));
        self.outcome = outcome;
        keep
    }

    fn answer(self: Box<Self>, session: &Session, done: Result<(), StoreError>) {
        let result = match (self.outcome, done) {
            // What the request itself met says more than that the group failed.
            (Some(Err(failure)), _) => Err(failure.into_store_error(session.file())),
            (Some(Ok(_)) | None, Err(error)) => Err(error),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(StoreError::Storage("the request was not run".into())),
        };
        // A caller that went away no longer wants to know.
        let _unheard = self.answer.send(result);
    }
}
