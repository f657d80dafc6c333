//! One driver a run.

use gantry_port::journal::{Journal, StoreError};

use crate::sample::{Home, batch, new_run, start};

#[tokio::test]
async fn a_driven_run_is_refused_with_the_name_of_its_driver() {
    let home = Home::new();
    let (workspace, elsewhere) = (home.open(), home.open());
    let (lease, _) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    let refused = elsewhere.lease(lease.run()).await.err().unwrap();
    let StoreError::Driven { run, holder } = refused else {
        panic!("{refused}");
    };
    assert_eq!(run, *lease.run());
    let process = format!("process {} on ", std::process::id());
    assert!(holder.starts_with(&process), "{holder}");
}

#[tokio::test]
async fn a_dropped_lease_can_be_taken_at_once_under_the_next_epoch() {
    let home = Home::new();
    let (workspace, elsewhere) = (home.open(), home.open());
    let (lease, _) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    let run = lease.run().clone();
    assert_eq!(lease.epoch(), 1);
    drop(lease);
    let next = elsewhere.lease(&run).await.unwrap();
    assert_eq!((next.epoch(), next.run()), (2, &run));
}

#[tokio::test]
async fn a_replaced_driver_is_fenced() {
    /// Still believes that it drives, as a process does that was stopped for a while.
    struct Replaced(gantry_model::id::RunId);
    impl gantry_port::journal::Lease for Replaced {
        fn run(&self) -> &gantry_model::id::RunId {
            &self.0
        }
        fn epoch(&self) -> u64 {
            1
        }
    }
    let home = Home::new();
    let workspace = home.open();
    let (lease, head) = start(&workspace, new_run("shop", &[]), 1).await.unwrap();
    let run = lease.run().clone();
    drop(lease);
    let _next = workspace.lease(&run).await.unwrap();
    let late = batch(&run, head, 1, "running");
    let refused = workspace.append(&Replaced(run.clone()), late).await;
    assert_eq!(
        refused,
        Err(StoreError::Fenced {
            run: run.clone(),
            epoch: 2
        })
    );
    assert_eq!(workspace.head(&run).await.unwrap(), head);
}

#[tokio::test]
async fn a_run_that_was_never_made_cannot_be_leased() {
    let home = Home::new();
    let run = "nobody".parse().unwrap();
    let refused = home.open().lease(&run).await.err();
    assert_eq!(refused, Some(StoreError::NoSuchRun("nobody".into())));
}
