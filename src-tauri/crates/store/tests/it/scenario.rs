//! A short life of a workspace, to be interrupted at every point, and what can be seen of it.

use std::path::Path;

use gantry_model::journal::{Entry, Head, RunSummary};
use gantry_port::{
    journal::{Journal, Letter, NewRun, StoreError},
    outbox::{Outbox, Parcel, Which},
};
use gantry_store::workspace::Workspace;

use crate::sample::{Home, at, batch, finish, message, new_run, start};

/// Everything that can be seen in a workspace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) runs: Vec<RunSummary>,
    pub(crate) plans: Vec<String>,
    pub(crate) entries: Vec<Vec<Entry>>,
    letters: Vec<Vec<Letter>>,
    messages: Vec<Parcel>,
}

/// Plays the story and calls `done` after each thing that the store has acknowledged.
pub(crate) async fn play(workspace: &Workspace, mut done: impl FnMut()) -> Result<(), StoreError> {
    let (lease, head) = start(workspace, shop(), 2).await?;
    let run = lease.run().clone();
    done();
    let mut next = batch(&run, head, 3, "running");
    next.messages = vec![message("shop/started", "{}")];
    let head = workspace.append(&*lease, next).await?;
    done();
    let letter = workspace.post(&run, at(6), "\"hold\"".into()).await?;
    done();
    let mut answer = batch(&run, head, 1, "held");
    answer.answered = vec![letter];
    let head = workspace.append(&*lease, answer).await?;
    done();
    drop(lease);
    let lease = workspace.lease(&run).await?;
    done();
    let end = batch(&run, head, 40, "succeeded");
    workspace.append(&*lease, end).await?;
    done();
    let mut again = shop();
    again.release = "shop-again".parse().unwrap();
    finish(workspace, again).await?;
    done();
    Ok(())
}

fn shop() -> NewRun {
    new_run("shop", &["production/orders", "production/web"])
}

/// Looks at everything; each run's entries are proven to be whole and to fit the run's row.
pub(crate) async fn view(workspace: &Workspace) -> Result<View, StoreError> {
    let mut view = View {
        runs: workspace.list().await?,
        plans: Vec::new(),
        entries: Vec::new(),
        letters: Vec::new(),
        messages: workspace.waiting(&Which::All, 100).await?,
    };
    for summary in &view.runs {
        let entries = workspace.read(&summary.run, 0).await?;
        let head = entries.last().map_or(Head::EMPTY, |last| Head {
            seq: last.event.seq,
            hash: last.hash,
        });
        assert_eq!(workspace.verify(&summary.run).await?, Ok(head));
        assert_eq!(
            u64::from(summary.steps_done),
            head.seq,
            "row and journal differ"
        );
        view.entries.push(entries);
        view.letters.push(workspace.inbox(&summary.run).await?);
        view.plans.push(workspace.plan(&summary.run).await?);
    }
    Ok(view)
}

/// What can be seen after each acknowledged thing, the empty workspace first.
pub(crate) fn views() -> Vec<View> {
    let home = Home::new();
    let workspace = home.open();
    let mut views = vec![look(&home.file())];
    wait(play(&workspace, || views.push(look(&home.file())))).unwrap();
    views
}

/// Opens the file anew, as another process would, and looks.
pub(crate) fn look(file: &Path) -> View {
    let file = file.to_owned();
    // A thread of its own, because this is also called from inside a runtime.
    let looking = std::thread::spawn(move || {
        let workspace = Workspace::open(&file).unwrap();
        wait(view(&workspace)).unwrap()
    });
    looking.join().unwrap()
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}
