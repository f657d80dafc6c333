//! Commits are grouped, never skipped, and counted.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    task::{Context, Waker},
};

use gantry_port::journal::Journal;
use gantry_store::{
    fault::{Fault, Faults, Operation},
    workspace::Workspace,
};

use crate::sample::{Home, at, batch, new_run, start};

#[tokio::test]
async fn each_lone_append_is_one_commit() {
    let home = Home::new();
    let workspace = home.open();
    let (lease, mut head) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    assert_eq!(workspace.commits(), 1);
    for done in 2..10 {
        let next = batch(lease.run(), head, 100, "running");
        head = workspace.append(&*lease, next).await.unwrap();
        assert_eq!(workspace.commits(), done);
    }
    workspace.read(lease.run(), 0).await.unwrap();
    let late = batch(
        lease.run(),
        gantry_model::journal::Head::EMPTY,
        1,
        "running",
    );
    workspace.append(&*lease, late).await.unwrap_err();
    assert_eq!(workspace.commits(), 9, "reading and refusing cost none");
}

/// Stops the writer in each commit until it is let go; lets it go for ever if the test fails.
struct Held {
    entered: Mutex<Sender<()>>,
    released: Mutex<Receiver<()>>,
}

impl Faults for Held {
    fn before(&self, operation: Operation) -> Result<(), Fault> {
        if matches!(operation, Operation::Commit) {
            let _unwatched = self.entered.lock().unwrap().send(());
            let _failed = self.released.lock().unwrap().recv();
        }
        Ok(())
    }
}

fn held() -> (Arc<Held>, Receiver<()>, Sender<()>) {
    let (entered, commits) = channel();
    let (release, released) = channel();
    let held = Held {
        entered: Mutex::new(entered),
        released: Mutex::new(released),
    };
    (Arc::new(held), commits, release)
}

#[tokio::test]
async fn requests_that_arrive_during_a_commit_share_the_next_one() {
    let home = Home::new();
    let (lease, _) = start(&home.open(), new_run("shop", &[]), 1).await.unwrap();
    let (held, commits, release) = held();
    let workspace = Workspace::open_with(&home.file(), held).unwrap();
    let unknown = "nobody".parse().unwrap();
    let post = |number| {
        let run = if number == 7 { &unknown } else { lease.run() };
        Box::pin(workspace.post(run, at(number), number.to_string()))
    };
    let mut context = Context::from_waker(Waker::noop());
    let mut first = post(0);
    assert!(first.as_mut().poll(&mut context).is_pending());
    commits.recv().unwrap();
    let mut later: Vec<_> = (1..40).map(post).collect();
    for waiting in &mut later {
        assert!(waiting.as_mut().poll(&mut context).is_pending());
    }
    drop(release);
    first.await.unwrap();
    let mut refused = 0;
    for waiting in later {
        refused += usize::from(waiting.await.is_err());
    }
    assert_eq!((refused, workspace.commits()), (1, 2));
    assert_eq!(workspace.inbox(lease.run()).await.unwrap().len(), 39);
}
