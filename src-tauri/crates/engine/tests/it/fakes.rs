//! A journal in memory that counts and crashes, and a platform that does as told.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use gantry_model::{
    id::{ReleaseId, RunId},
    journal::{Entry, Head, RunSummary},
    measure::{Beside, Bucket},
    operation::{Direction, Evidence, Operation, Sample, SampleHealth, Sighting, Work},
    plan::{Action, Plan, PlannedTrigger},
    release::check::{Criterion, Silence},
    time::Timestamp,
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    journal::{Batch, FirstBatch, Journal, Lease, Letter, NewRun, StoreError},
    metrics::Grid,
    platform::{Platform, Sight},
};

use crate::{signals::Signals, time::VirtualClock};

/// Where the machine crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Crash {
    Before(u64),
    After(u64),
}

/// A journal in memory.
#[derive(Default)]
pub(crate) struct MemoryJournal {
    pub(crate) state: Mutex<Stored>,
    pub(crate) clock: Option<Arc<VirtualClock>>,
    pub(crate) crashed: Arc<AtomicBool>,
}

#[derive(Default)]
pub(crate) struct Stored {
    entries: Vec<Entry>,
    summary: Option<RunSummary>,
    plan: String,
    head: Option<Head>,
    commits: u64,
    epoch: u64,
    crash: Option<Crash>,
    inbox: Vec<Letter>,
    letters: u64,
    /// Letters that arrive later, in time awake.
    coming: VecDeque<(Span, String)>,
    on_letter: Option<Box<dyn FnOnce() + Send>>,
}

struct Epoch(RunId, u64);

impl Lease for Epoch {
    fn run(&self) -> &RunId {
        &self.0
    }

    fn epoch(&self) -> u64 {
        self.1
    }
}

impl MemoryJournal {
    pub(crate) fn commits(&self) -> u64 {
        self.state.lock().unwrap().commits
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.state
            .lock()
            .unwrap()
            .entries
            .iter()
            .map(|entry| entry.event.body.clone())
            .collect()
    }

    pub(crate) fn kinds(&self) -> Vec<String> {
        self.state
            .lock()
            .unwrap()
            .entries
            .iter()
            .map(|entry| entry.event.kind.clone())
            .collect()
    }

    /// Takes back a crash that has not come.
    pub(crate) fn calm(&self) {
        self.state.lock().unwrap().crash = None;
    }

    /// Lets a letter arrive after a while.
    pub(crate) fn letter_after(&self, span: Span, body: String) {
        self.state.lock().unwrap().coming.push_back((span, body));
    }

    /// Does something in the moment in which the first letter is read.
    pub(crate) fn on_letter(&self, deed: Box<dyn FnOnce() + Send>) {
        self.state.lock().unwrap().on_letter = Some(deed);
    }

    fn deliver(&self) {
        let mut state = self.state.lock().unwrap();
        let elapsed = self
            .clock
            .as_ref()
            .map_or(Span::ZERO, |clock| clock.elapsed());
        while state.coming.front().is_some_and(|(at, _)| *at <= elapsed) {
            let (_, body) = state.coming.pop_front().unwrap();
            state.letters += 1;
            let id = state.letters;
            let at = self.clock.as_ref().unwrap().now();
            state.inbox.push(Letter { id, at, body });
            if let Some(deed) = state.on_letter.take() {
                deed();
            }
        }
    }

    pub(crate) fn crash(&self, crash: Crash) {
        self.state.lock().unwrap().crash = Some(crash);
    }

    fn store(&self, batch: Batch) -> Result<Head, StoreError> {
        let mut state = self.state.lock().unwrap();
        let head = state.head.unwrap_or(Head::EMPTY);
        assert_eq!(batch.after, head, "the batch does not follow");
        let mut hash = head.hash;
        for event in batch.entries {
            let entry = Entry::link(hash, event);
            assert_eq!(entry.event.seq, state.entries.len() as u64 + 1);
            hash = entry.hash;
            state.entries.push(entry);
        }
        let tail = state
            .entries
            .iter()
            .rev()
            .take(12)
            .map(|entry| entry.event.body.as_str());
        assert!(
            state.entries.len() < 5000,
            "it never ends: {:#?}",
            tail.collect::<Vec<_>>()
        );
        let head = Head {
            seq: state.entries.len() as u64,
            hash,
        };
        state
            .inbox
            .retain(|letter| !batch.answered.contains(&letter.id));
        state.head = Some(head);
        state.summary = Some(batch.summary);
        state.commits += 1;
        Ok(head)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn create(
        &self,
        new: NewRun,
        first: FirstBatch,
    ) -> Result<(Box<dyn Lease>, Head), StoreError> {
        let run = RunId::new(new.release, 1);
        self.state.lock().unwrap().plan = new.plan;
        let head = self.store(first(&run))?;
        let epoch = {
            let mut state = self.state.lock().unwrap();
            state.epoch += 1;
            state.epoch
        };
        Ok((Box::new(Epoch(run, epoch)), head))
    }

    async fn lease(&self, run: &RunId) -> Result<Box<dyn Lease>, StoreError> {
        let mut state = self.state.lock().unwrap();
        state.epoch += 1;
        Ok(Box::new(Epoch(run.clone(), state.epoch)))
    }

    async fn append(&self, lease: &dyn Lease, batch: Batch) -> Result<Head, StoreError> {
        let (epoch, crash, next) = {
            let state = self.state.lock().unwrap();
            (state.epoch, state.crash, state.commits + 1)
        };
        if lease.epoch() != epoch {
            return Err(StoreError::Fenced {
                run: lease.run().clone(),
                epoch,
            });
        }
        match crash {
            Some(Crash::Before(at)) if at == next => {}
            Some(Crash::After(at)) if at == next => _ = self.store(batch)?,
            _ => return self.store(batch),
        }
        self.state.lock().unwrap().crash = None;
        self.crashed.store(true, Ordering::SeqCst);
        std::future::pending().await
    }

    async fn read(&self, _run: &RunId, after: u64) -> Result<Vec<Entry>, StoreError> {
        Ok(self.state.lock().unwrap().entries[after as usize..].to_vec())
    }

    async fn plan(&self, _run: &RunId) -> Result<String, StoreError> {
        Ok(self.state.lock().unwrap().plan.clone())
    }

    async fn latest(&self, release: &ReleaseId) -> Result<RunId, StoreError> {
        Ok(RunId::new(release.clone(), 1))
    }

    async fn list(&self) -> Result<Vec<RunSummary>, StoreError> {
        Ok(self
            .state
            .lock()
            .unwrap()
            .summary
            .clone()
            .into_iter()
            .collect())
    }

    async fn summary(&self, run: &RunId) -> Result<RunSummary, StoreError> {
        let summary = self.state.lock().unwrap().summary.clone();
        summary.ok_or_else(|| StoreError::NoSuchRun(run.to_string()))
    }

    async fn post(&self, _run: &RunId, at: Timestamp, body: String) -> Result<u64, StoreError> {
        let mut state = self.state.lock().unwrap();
        state.letters += 1;
        let id = state.letters;
        state.inbox.push(Letter { id, at, body });
        Ok(id)
    }

    async fn inbox(&self, _run: &RunId) -> Result<Vec<Letter>, StoreError> {
        self.deliver();
        Ok(self.state.lock().unwrap().inbox.clone())
    }
}

/// What one call does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    /// Applied, after a while.
    Apply(Span),
    /// Refused, with nothing applied.
    Refuse,
    /// Refused, half applied.
    RefuseTouched,
    Unsent,
    Busy,
    /// Applied, and the reply is lost.
    LoseReply,
    /// Not applied, and the request is lost.
    LoseRequest,
    /// Applied at once, and never answered.
    Hang,
    Conflict,
}

/// A platform that does as it is told and counts every effect.
#[derive(Default)]
pub(crate) struct FakePlatform {
    clock: Arc<VirtualClock>,
    pub(crate) state: Mutex<Ledger>,
    pub(crate) signals: Mutex<Signals>,
}

#[derive(Default)]
pub(crate) struct Ledger {
    /// What calls do, by `step/direction`, in order; the last one stays.
    pub(crate) script: HashMap<String, VecDeque<Act>>,
    /// What looks say, by step.
    pub(crate) looks: HashMap<String, SampleHealth>,
    /// Keys nobody can tell about.
    pub(crate) unknowable: BTreeSet<String>,
    /// Keys that were refused, half done or not.
    pub(crate) refused: BTreeSet<String>,
    /// How often each key took effect.
    pub(crate) effects: BTreeMap<String, u32>,
    /// Every effect in order: step and direction.
    pub(crate) order: Vec<(String, Direction)>,
    /// Steps that stand applied.
    pub(crate) standing: BTreeSet<String>,
    /// How long every call takes.
    pub(crate) takes: Span,
    /// How many calls are at work.
    pub(crate) at_work: usize,
    /// How many have been at once.
    pub(crate) most_acting: usize,
    pub(crate) calls: u64,
}

impl FakePlatform {
    pub(crate) fn new(clock: &Arc<VirtualClock>) -> Self {
        Self {
            clock: Arc::clone(clock),
            state: Mutex::default(),
            signals: Mutex::default(),
        }
    }

    pub(crate) fn script(&self, call: &str, acts: &[Act]) {
        self.state
            .lock()
            .unwrap()
            .script
            .insert(call.into(), acts.iter().cloned().collect());
    }

    fn next_act(&self, operation: &Operation) -> Act {
        let mut state = self.state.lock().unwrap();
        let name = format!(
            "{}/{}",
            operation.id().unwrap(),
            operation.direction().word()
        );
        let takes = state.takes;
        state.calls += 1;
        match state.script.get_mut(&name) {
            Some(acts) if acts.len() > 1 => acts.pop_front().unwrap(),
            Some(acts) => acts.front().cloned().unwrap_or(Act::Apply(takes)),
            None => Act::Apply(takes),
        }
    }

    /// Takes effect, once a key; a second time is what must never happen and is counted.
    fn apply(&self, operation: &Operation) {
        let mut state = self.state.lock().unwrap();
        let id = operation.id().unwrap().to_string();
        let key = operation.key().unwrap().to_string();
        *state.effects.entry(key).or_default() += 1;
        state.order.push((id.clone(), operation.direction()));
        match &operation.work {
            Work::Do(_) => _ = state.standing.insert(id),
            Work::Undo(action) => {
                for step in &action.covers {
                    let id = operation.plan.steps[step.at()].id.to_string();
                    state.standing.remove(&id);
                }
            }
        }
    }

    fn refuse(&self, operation: &Operation) {
        let key = operation.key().unwrap().to_string();
        self.state.lock().unwrap().refused.insert(key);
    }

    fn enter(&self) {
        let mut state = self.state.lock().unwrap();
        state.at_work += 1;
        state.most_acting = state.most_acting.max(state.at_work);
    }

    fn leave(&self) {
        self.state.lock().unwrap().at_work -= 1;
    }
}

fn only_looks(operation: &Operation) -> bool {
    let action = operation.step().map(|step| &step.action);
    matches!(
        action,
        Some(Action::Preflight | Action::Verify | Action::VerifyData)
    )
}

#[async_trait]
impl Platform for FakePlatform {
    async fn perform(&self, operation: &Operation) -> Result<Evidence, Fault> {
        let act = self.next_act(operation);
        let looks = only_looks(operation);
        let acted = |platform: &Self| {
            if !looks {
                platform.apply(operation);
            }
        };
        match act {
            Act::Apply(span) => {
                acted(self);
                if looks {
                    return Ok(Evidence::sentence("looked"));
                }
                self.enter();
                if span > Span::ZERO {
                    self.clock.wait(span).await;
                }
                self.leave();
                Ok(Evidence::sentence("done"))
            }
            Act::Refuse => {
                self.refuse(operation);
                Err(Fault::refused("no"))
            }
            Act::RefuseTouched => {
                acted(self);
                self.refuse(operation);
                Err(Fault::refused("half done"))
            }
            Act::Unsent => Err(Fault::unsent("nobody there")),
            Act::Busy => Err(Fault::new(FaultKind::Busy { after: None }, "busy")),
            Act::LoseReply => {
                acted(self);
                Err(Fault::lost("no reply"))
            }
            Act::LoseRequest => Err(Fault::lost("no reply")),
            Act::Hang => {
                acted(self);
                std::future::pending().await
            }
            Act::Conflict => Err(Fault::new(FaultKind::Conflict, "changed since by somebody")),
        }
    }

    async fn cancel(&self, _operation: &Operation) -> Result<(), Fault> {
        Ok(())
    }

    async fn check(&self, _: &RunId, _: &Plan, asked: &Criterion) -> Result<Sample, Fault> {
        let looks = &self.state.lock().unwrap().looks;
        let health = looks.get(&format!("success/{}", asked.id)).copied();
        Ok(Sample {
            health: health.unwrap_or(SampleHealth::Healthy),
            summary: format!("{health:?}"),
            facts: BTreeMap::new(),
        })
    }

    async fn measure(
        &self,
        operation: &Operation,
        grid: Grid,
        beside: Beside,
    ) -> Result<Vec<Bucket>, Fault> {
        let mut signals = self.signals.lock().unwrap();
        signals.measure(&self.clock, operation, (grid, beside))
    }

    async fn sight(&self, _: &RunId, _: &Plan, _: &PlannedTrigger) -> Sight {
        self.signals.lock().unwrap().sight(self.clock.elapsed())
    }

    async fn silence(&self, _: &RunId, _: &Silence, _: Timestamp) -> Result<String, Fault> {
        self.signals.lock().unwrap().silence()
    }

    async fn unsilence(&self, _: &Silence, id: &str) -> Result<(), Fault> {
        self.signals.lock().unwrap().silences.remove(id);
        Ok(())
    }

    async fn observe(&self, operation: &Operation) -> Result<Sighting, Fault> {
        let state = self.state.lock().unwrap();
        let id = operation.id().unwrap().to_string();
        let key = operation.key().unwrap().to_string();
        if state.unknowable.contains(&id) {
            return Ok(Sighting::Unknown {
                message: "nobody can tell".into(),
            });
        }
        if state.refused.contains(&key) {
            return Ok(Sighting::Failed {
                message: "it was refused".into(),
            });
        }
        if state.effects.contains_key(&key) {
            return Ok(Sighting::Applied {
                evidence: Evidence::sentence("seen"),
            });
        }
        Ok(Sighting::NotApplied)
    }

    async fn sample(&self, operation: &Operation) -> Result<Sample, Fault> {
        let state = self.state.lock().unwrap();
        let id = operation.id().unwrap().to_string();
        let health = state
            .looks
            .get(&id)
            .copied()
            .unwrap_or(SampleHealth::Healthy);
        Ok(Sample {
            health,
            summary: format!("{health:?}"),
            facts: BTreeMap::new(),
        })
    }
}
