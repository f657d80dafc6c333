//! What is kept beside a journal is a shortcut and never believed against it.

use gantry_model::journal::Head;
use gantry_port::journal::{Journal, NewSnapshot};
use rusqlite::Connection;

use crate::{
    sample::{Home, batch, new_run, start},
    scenario::wait,
};

fn kept(kind: &'static str, body: &str) -> NewSnapshot {
    NewSnapshot {
        kind,
        form: "this code".into(),
        body: body.into(),
    }
}

/// A run of ten entries with two snapshots, one of them written twice.
fn fill(home: &Home) -> Head {
    wait(async {
        let workspace = home.open();
        let (lease, head) = start(&workspace, new_run("shop", &[]), 1).await?;
        let mut first = batch(lease.run(), head, 4, "running");
        first.snapshots = vec![kept("run", "early"), kept("status", "held")];
        let head = workspace.append(&*lease, first).await?;
        let mut second = batch(lease.run(), head, 5, "running");
        second.snapshots = vec![kept("run", "late")];
        workspace.append(&*lease, second).await
    })
    .unwrap()
}

fn found(home: &Home, kind: &'static str, form: &str) -> Option<(u64, String)> {
    let run = "shop".parse().unwrap();
    let found = wait(async { home.open().snapshot(&run, kind, form).await });
    found.unwrap().map(|kept| (kept.head.seq, kept.body))
}

#[test]
fn the_latest_of_each_kind_is_found_with_the_entry_that_it_stands_for() {
    let home = Home::new();
    let head = fill(&home);
    assert_eq!(head.seq, 10);
    assert_eq!(found(&home, "run", "this code"), Some((10, "late".into())));
    assert_eq!(
        found(&home, "status", "this code"),
        Some((5, "held".into()))
    );
    assert_eq!(found(&home, "nothing", "this code"), None);
    assert_eq!(found(&home, "run", "other code"), None);
}

#[test]
fn what_does_not_fit_the_journal_or_was_changed_is_as_good_as_absent() {
    for change in [
        "UPDATE snapshots SET seq = 4",
        "UPDATE snapshots SET seq = 99",
        "UPDATE snapshots SET head = zeroblob(32)",
        "UPDATE snapshots SET body = (SELECT body FROM snapshots WHERE kind = 'status')",
        "UPDATE snapshots SET body = x'ffffffff00'",
        "UPDATE snapshots SET body = x''",
        "UPDATE snapshots SET digest = zeroblob(32)",
        "UPDATE journal SET hash = zeroblob(32) WHERE seq = 10",
        "DELETE FROM snapshots",
    ] {
        let home = Home::new();
        fill(&home);
        let connection = Connection::open(home.file()).unwrap();
        connection.execute(change, []).unwrap();
        drop(connection);
        assert_eq!(found(&home, "run", "this code"), None, "{change}");
    }
}
