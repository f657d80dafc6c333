//! Runs, batches and folders to test with.

use std::path::PathBuf;

use gantry_model::{
    digest::Digest,
    id::RunId,
    journal::{Head, NewEntry, RunSummary},
    time::Timestamp,
};
use gantry_port::{
    journal::{Batch, Journal, Lease, NewRun, StoreError},
    outbox::NewParcel,
};
use gantry_store::workspace::Workspace;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A folder for one workspace, gone when dropped.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("data/gantry.db")
    }

    pub(crate) fn open(&self) -> Workspace {
        Workspace::open(&self.file()).unwrap()
    }
}

/// Randomness whose seed is printed; `GANTRY_SEED` repeats a failure.
pub(crate) fn random(what: &str) -> ChaCha8Rng {
    let seed = std::env::var("GANTRY_SEED").map_or(20_261_123, |text| text.parse().unwrap());
    println!("{what}: GANTRY_SEED={seed}");
    ChaCha8Rng::seed_from_u64(seed)
}

pub(crate) fn at(second: u64) -> Timestamp {
    let second = i64::try_from(second).unwrap();
    Timestamp::from_timestamp_millis(1_800_000_000_000 + second * 1_000 + 7).unwrap()
}

pub(crate) fn entry(seq: u64) -> NewEntry {
    let at = at(seq);
    let kind = "step-succeeded";
    let body = format!(
        "{{\"seq\":{seq},\"at\":\"{}\",\"kind\":\"{kind}\",\"step\":\"orders/shift-{seq}\"}}",
        at.to_rfc3339()
    );
    NewEntry {
        seq,
        at,
        kind: kind.into(),
        body,
    }
}

pub(crate) fn new_run(release: &str, claims: &[&str]) -> NewRun {
    NewRun {
        release: release.parse().unwrap(),
        claims: claims.iter().map(|claim| (*claim).into()).collect(),
        plan: format!("{{\"release\":\"{release}\"}}"),
    }
}

pub(crate) fn batch(run: &RunId, after: Head, count: u64, state: &str) -> Batch {
    let last = after.seq + count;
    Batch {
        after,
        entries: (after.seq + 1..=last).map(entry).collect(),
        summary: RunSummary {
            run: run.clone(),
            title: Some("The shop, newer".into()),
            environment: "production".parse().unwrap(),
            state: state.into(),
            ended: state == "succeeded",
            plan: Digest::of("plan"),
            steps_done: u32::try_from(last).unwrap(),
            steps_total: 9_000,
            started_at: at(0),
            changed_at: at(last),
        },
        answered: Vec::new(),
        messages: Vec::new(),
        snapshots: Vec::new(),
    }
}

/// Makes a run with `count` first entries.
pub(crate) async fn start(
    workspace: &Workspace,
    new: NewRun,
    count: u64,
) -> Result<(Box<dyn Lease>, Head), StoreError> {
    let first = move |run: &RunId| batch(run, Head::EMPTY, count, "running");
    workspace.create(new, Box::new(first)).await
}

/// Makes a run that succeeds at once.
pub(crate) async fn finish(workspace: &Workspace, new: NewRun) -> Result<RunId, StoreError> {
    let first = |run: &RunId| batch(run, Head::EMPTY, 2, "succeeded");
    let (lease, _) = workspace.create(new, Box::new(first)).await?;
    Ok(lease.run().clone())
}

/// A message that is told by its key.
pub(crate) fn message(key: &str, body: &str) -> NewParcel {
    NewParcel {
        key: key.into(),
        reader: "Support".into(),
        body: body.into(),
    }
}
