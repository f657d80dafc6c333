//! A journal in memory, with the same guarantees as the real one and a switch to break it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use gantry_model::{
    id::{ReleaseId, RunId},
    journal::{Entry, Head, NewEntry, RunSummary},
    time::Timestamp,
};
use gantry_port::journal::{Batch, FirstBatch, Journal, Lease, Letter, NewRun, StoreError};

/// Keeps runs in memory; a clone is another process on the same workspace.
#[derive(Clone, Default)]
pub struct MemoryJournal {
    shelf: Arc<Mutex<Shelf>>,
}

/// What goes wrong at one of the writes, counted from 1 over all runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// The write is refused, as by a full disk, and nothing is written.
    Refuse {
        /// Which write.
        write: u64,
    },
    /// The process dies before the write: nothing is written, and nothing works any more.
    CrashBefore {
        /// Which write.
        write: u64,
    },
    /// The process dies after the write: it is durable, and nothing works any more.
    CrashAfter {
        /// Which write.
        write: u64,
    },
}

#[derive(Default)]
struct Shelf {
    runs: BTreeMap<RunId, Volume>,
    commits: u64,
    writes: u64,
    letters: u64,
    breaks: Option<Break>,
    crashed: bool,
    /// Leases of processes before this one do not hold.
    life: u64,
}

struct Volume {
    plan: String,
    claims: Vec<String>,
    entries: Vec<Entry>,
    summary: RunSummary,
    letters: Vec<Letter>,
    messages: BTreeMap<String, String>,
    epoch: u64,
    /// The epoch and the life of the driver, while one drives.
    driven: Option<(u64, u64)>,
}

impl MemoryJournal {
    /// Builds an empty journal.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets one write go wrong.
    pub fn break_at(&self, point: Break) {
        self.shelf().breaks = Some(point);
    }

    /// Whether a break has killed the process that wrote.
    pub fn has_crashed(&self) -> bool {
        self.shelf().crashed
    }

    /// Starts a new process on the same workspace: what was durable is there, no lease holds, and
    /// nothing more goes wrong.
    pub fn restart(&self) {
        let mut shelf = self.shelf();
        shelf.crashed = false;
        shelf.breaks = None;
        shelf.life += 1;
    }

    /// Counts the transactions that became durable: one for each `create`, `append` and `post`.
    pub fn commits(&self) -> u64 {
        self.shelf().commits
    }

    /// Takes a run away from whoever drives it, as a driver elsewhere would.
    pub fn take_over(&self, run: &RunId) {
        if let Some(volume) = self.shelf().runs.get_mut(run) {
            volume.epoch += 1;
            volume.driven = None;
        }
    }

    /// Lists the messages for the outbox that a run has left, by their dedupe keys.
    pub fn messages(&self, run: &RunId) -> BTreeMap<String, String> {
        let shelf = self.shelf();
        shelf
            .runs
            .get(run)
            .map(|volume| volume.messages.clone())
            .unwrap_or_default()
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lease_on(&self, run: &RunId, epoch: u64, life: u64) -> Box<dyn Lease> {
        Box::new(MemoryLease {
            shelf: Arc::clone(&self.shelf),
            run: run.clone(),
            epoch,
            life,
        })
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn create(
        &self,
        new: NewRun,
        first: FirstBatch,
    ) -> Result<(Box<dyn Lease>, Head), StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        let run = shelf.next_run(&new.release)?;
        shelf.refuse_claimed(&new.claims)?;
        let batch = first(&run);
        let life = shelf.life;
        let volume = Volume {
            plan: new.plan,
            claims: new.claims,
            entries: Vec::new(),
            summary: batch.summary.clone(),
            letters: Vec::new(),
            messages: BTreeMap::new(),
            epoch: 1,
            driven: Some((1, life)),
        };
        let head = shelf.write(|shelf| {
            let volume = shelf.runs.entry(run.clone()).or_insert(volume);
            volume.append(batch)
        })?;
        Ok((self.lease_on(&run, 1, life), head))
    }

    async fn lease(&self, run: &RunId) -> Result<Box<dyn Lease>, StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        let life = shelf.life;
        let volume = shelf.volume(run)?;
        if volume.driven.is_some_and(|(_, holder)| holder == life) {
            return Err(StoreError::Driven {
                run: run.clone(),
                holder: "another driver of this process".into(),
            });
        }
        volume.epoch += 1;
        volume.driven = Some((volume.epoch, life));
        let epoch = volume.epoch;
        Ok(self.lease_on(run, epoch, life))
    }

    async fn append(&self, lease: &dyn Lease, batch: Batch) -> Result<Head, StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        let volume = shelf.volume(lease.run())?;
        volume.refuse_fenced(lease)?;
        volume.refuse_stale(lease.run(), &batch)?;
        let run = lease.run().clone();
        shelf.write(|shelf| match shelf.runs.get_mut(&run) {
            Some(volume) => volume.append(batch),
            None => Head::EMPTY,
        })
    }

    async fn read(&self, run: &RunId, after: u64) -> Result<Vec<Entry>, StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        let entries = &shelf.volume(run)?.entries;
        Ok(entries
            .iter()
            .filter(|entry| entry.event.seq > after)
            .cloned()
            .collect())
    }

    async fn plan(&self, run: &RunId) -> Result<String, StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        Ok(shelf.volume(run)?.plan.clone())
    }

    async fn latest(&self, release: &ReleaseId) -> Result<RunId, StoreError> {
        let shelf = self.shelf();
        shelf.living()?;
        let latest = shelf.latest(release);
        latest.ok_or_else(|| StoreError::NoSuchRun(release.to_string()))
    }

    async fn list(&self) -> Result<Vec<RunSummary>, StoreError> {
        let shelf = self.shelf();
        shelf.living()?;
        let mut runs: Vec<RunSummary> = shelf
            .runs
            .values()
            .map(|volume| volume.summary.clone())
            .collect();
        runs.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then(a.run.cmp(&b.run)));
        Ok(runs)
    }

    async fn summary(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        Ok(shelf.volume(run)?.summary.clone())
    }

    async fn post(&self, run: &RunId, at: Timestamp, body: String) -> Result<u64, StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        shelf.volume(run)?;
        shelf.write(|shelf| {
            shelf.letters += 1;
            let id = shelf.letters;
            if let Some(volume) = shelf.runs.get_mut(run) {
                volume.letters.push(Letter { id, at, body });
            }
            id
        })
    }

    async fn inbox(&self, run: &RunId) -> Result<Vec<Letter>, StoreError> {
        let mut shelf = self.shelf();
        shelf.living()?;
        Ok(shelf.volume(run)?.letters.clone())
    }
}

impl Shelf {
    fn living(&self) -> Result<(), StoreError> {
        match self.crashed {
            true => Err(StoreError::Storage("the process has crashed".into())),
            false => Ok(()),
        }
    }

    fn volume(&mut self, run: &RunId) -> Result<&mut Volume, StoreError> {
        let missing = || StoreError::NoSuchRun(run.to_string());
        self.runs.get_mut(run).ok_or_else(missing)
    }

    fn latest(&self, release: &ReleaseId) -> Option<RunId> {
        self.runs
            .keys()
            .rfind(|run| run.release() == release)
            .cloned()
    }

    fn next_run(&self, release: &ReleaseId) -> Result<RunId, StoreError> {
        let Some(latest) = self.latest(release) else {
            return Ok(RunId::new(release.clone(), 1));
        };
        match self.runs.get(&latest) {
            Some(volume) if !volume.summary.ended => Err(StoreError::Unfinished { run: latest }),
            Some(_) | None => Ok(RunId::new(release.clone(), latest.number() + 1)),
        }
    }

    fn refuse_claimed(&self, claims: &[String]) -> Result<(), StoreError> {
        let living = self.runs.iter().filter(|(_, volume)| !volume.summary.ended);
        for (holder, volume) in living {
            if let Some(claim) = claims.iter().find(|claim| volume.claims.contains(claim)) {
                return Err(StoreError::Claimed {
                    claim: claim.clone(),
                    holder: holder.clone(),
                });
            }
        }
        Ok(())
    }

    /// Makes a write, unless it is the one that goes wrong.
    fn write<T>(&mut self, commit: impl FnOnce(&mut Self) -> T) -> Result<T, StoreError> {
        self.writes += 1;
        let full = || StoreError::Storage("the disk is full".into());
        let crashed = || StoreError::Storage("the process has crashed".into());
        match self.breaks {
            Some(Break::Refuse { write }) if write == self.writes => return Err(full()),
            Some(Break::CrashBefore { write }) if write == self.writes => {
                self.crashed = true;
                return Err(crashed());
            }
            Some(_) | None => {}
        }
        self.commits += 1;
        let written = commit(self);
        if self.breaks == Some(Break::CrashAfter { write: self.writes }) {
            self.crashed = true;
            return Err(crashed());
        }
        Ok(written)
    }
}

impl Volume {
    fn head(&self) -> Head {
        self.entries.last().map_or(Head::EMPTY, |entry| Head {
            seq: entry.event.seq,
            hash: entry.hash,
        })
    }

    fn refuse_fenced(&self, lease: &dyn Lease) -> Result<(), StoreError> {
        if lease.epoch() == self.epoch {
            return Ok(());
        }
        Err(StoreError::Fenced {
            run: lease.run().clone(),
            epoch: self.epoch,
        })
    }

    fn refuse_stale(&self, run: &RunId, batch: &Batch) -> Result<(), StoreError> {
        if batch.after == self.head() {
            return Ok(());
        }
        Err(StoreError::Stale {
            run: run.clone(),
            expected: batch.after.seq,
            actual: self.head().seq,
        })
    }

    fn append(&mut self, batch: Batch) -> Head {
        for event in batch.entries {
            self.link(event);
        }
        self.letters
            .retain(|letter| !batch.answered.contains(&letter.id));
        let messages = batch.messages.into_iter();
        self.messages
            .extend(messages.map(|message| (message.key, message.body)));
        self.summary = batch.summary;
        self.head()
    }

    fn link(&mut self, event: NewEntry) {
        let entry = Entry::link(self.head().hash, event);
        self.entries.push(entry);
    }
}

struct MemoryLease {
    shelf: Arc<Mutex<Shelf>>,
    run: RunId,
    epoch: u64,
    life: u64,
}

impl Lease for MemoryLease {
    fn run(&self) -> &RunId {
        &self.run
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }
}

impl Drop for MemoryLease {
    fn drop(&mut self) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(volume) = shelf.runs.get_mut(&self.run)
            && volume.driven == Some((self.epoch, self.life))
        {
            volume.driven = None;
        }
    }
}
