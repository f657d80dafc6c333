//! The loop that does the waiting, and the ways into it.
//!
//! A [`Driver`] holds the lease of one run. In each turn it collects everything that is ready
//! (answers, timers, commands), lets [`crate::turn::turn`] decide, appends all events in one
//! commit, and only then starts the calls that the new state wants. It runs well on a
//! current-thread runtime and spawns nothing: dropping it drops all waiting, never an effect.

mod alarm;
mod call;
pub mod follow;
pub mod keep;
mod measure;
mod record;

use std::{collections::BTreeSet, sync::Arc};

use futures_util::stream::FuturesUnordered;
use gantry_model::{
    command::{Actor, Order},
    event::{Happened, RunEvent, Started},
    id::RunId,
    journal::Head,
    plan::Plan,
    run::{IllegalTransition, MalformedPlan, Phase, Run, Slot},
    time::{Timestamp, to_millisecond},
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    journal::{Journal, Lease, NewRun, StoreError},
    platform::Platform,
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    decide::{Input, decide},
    fold::FoldError,
    judging::Bench,
    turn,
};

/// The parts of the world that a driver needs.
#[derive(Clone)]
pub struct World {
    /// The record.
    pub journal: Arc<dyn Journal>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What is changed.
    pub platform: Arc<dyn Platform>,
}

/// A release that shall run.
#[derive(Clone, Debug)]
pub struct NewRelease {
    /// What it means.
    pub plan: Arc<Plan>,
    /// Who starts it.
    pub by: Actor,
    /// The version of Gantry.
    pub gantry: String,
    /// What the file may reach, as confirmed by whoever starts it.
    pub reach: Vec<String>,
    /// What stands in the record right behind the start: evidence of an earlier run, or why none.
    pub at_start: Vec<Happened>,
}

/// How often the inbox is looked at while a driver waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inbox {
    /// Every so often.
    Every(Span),
    /// Never: nobody can post, as in a rehearsal.
    Closed,
}

impl Default for Inbox {
    fn default() -> Self {
        Self::Every(Span::from_millis(250))
    }
}

/// Why a run cannot be driven or steered.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal cannot be folded.
    #[error("the journal of run {run} cannot be read")]
    Fold {
        /// The run.
        run: RunId,
        /// Why.
        #[source]
        source: FoldError,
    },
    /// The stored plan cannot be read.
    #[error("the plan of run {run} cannot be read")]
    Plan {
        /// The run.
        run: RunId,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The plan cannot be run.
    #[error(transparent)]
    Malformed(#[from] MalformedPlan),
    /// A decision did not fit the run: a mistake of Gantry, found before anything was called.
    #[error("Gantry decided something impossible and stopped")]
    Impossible(#[from] IllegalTransition),
    /// Something could not be written as JSON.
    #[error("the record cannot be written")]
    Unwritable(#[from] serde_json::Error),
}

/// A way to give commands to a driver in the same process.
#[derive(Clone, Debug)]
pub struct Handle {
    orders: mpsc::UnboundedSender<Post>,
}

/// A command on its way to the driver.
#[derive(Debug)]
struct Post {
    order: Order,
    reply: oneshot::Sender<Ruled>,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// Whether it was taken.
    pub ruling: gantry_model::event::RulingWord,
    /// The answer, in a sentence.
    pub sentence: String,
}

impl Handle {
    /// Gives a command; the answer comes when it is durable, or never if the driver is dropped.
    pub fn give(&self, order: Order) -> oneshot::Receiver<Ruled> {
        let (reply, answer) = oneshot::channel();
        // A driver that is gone drops the reply, which the receiver sees.
        _ = self.orders.send(Post { order, reply });
        answer
    }
}

/// Drives one run under its lease.
pub struct Driver {
    world: World,
    lease: Box<dyn Lease>,
    head: Head,
    run: Run,
    bench: Bench,
    inbox: Inbox,
    orders: mpsc::UnboundedReceiver<Post>,
    handle: Handle,
    calls: FuturesUnordered<call::Call>,
    running: call::Running,
    beside: measure::Beside,
    alarms: alarm::Alarms,
    preflights: call::Preflights,
    ticker: alarm::Ticker,
    /// Slots whose instant has passed and that could not go on yet.
    due: BTreeSet<Slot>,
    /// Calls that came back and were not taken in yet.
    arrived: Vec<call::Done>,
    /// Commands that arrived and were not taken in yet.
    posted: Vec<Post>,
    /// When the inbox is looked at next, in time awake.
    next_inbox: Option<Span>,
    /// Entries that are durable and that nobody was told of yet.
    unread: Vec<(gantry_model::journal::Entry, RunEvent)>,
}

/// Starts a run: stores the plan with the first event in one transaction and takes the lease.
///
/// # Errors
/// If the store refuses, for example because something is claimed by another run.
pub async fn start(world: World, new: NewRelease, inbox: Inbox) -> Result<Driver, DriveError> {
    let now = to_millisecond(world.clock.now());
    let made = NewRun {
        release: new.plan.release.clone(),
        claims: record::claims(&new.plan),
        plan: serde_json::to_string(&*new.plan)?,
    };
    let first = record::Opening::new(now, &new);
    record::check(&first)?;
    let batch = first.clone();
    let (lease, head) = world
        .journal
        .create(made, Box::new(move |run| batch.batch(run)))
        .await?;
    let events = first.events(lease.run());
    let run = record::begin(new.plan, &events)?;
    let mut driver = Driver::new(world, lease, head, run, inbox);
    driver.unread = record::linked(Head::EMPTY, events)?;
    Ok(driver)
}

/// Takes a run up again, after a crash, a hold or an end.
///
/// What was in flight is looked at before anything else starts. A run that has ended is left as it
/// is until a rollback is asked of it.
///
/// # Errors
/// If a living driver holds the run, or its record cannot be read.
pub async fn resume(
    world: World,
    run: &RunId,
    (by, gantry): (&Actor, &str),
    inbox: Inbox,
) -> Result<Driver, DriveError> {
    let (lease, run, head) = take_up(&world, run).await?;
    let mut driver = Driver::new(world, lease, head, run, inbox);
    if !driver.is_over() {
        let mut events = driver.note_clock_set_back()?;
        let started = Happened::DriverStarted {
            epoch: driver.lease.epoch(),
            by: by.name.clone(),
            gantry: gantry.to_owned(),
        };
        events.push(driver.record(started)?);
        driver.commit(events, Vec::new()).await?;
    }
    driver.call_everything();
    Ok(driver)
}

/// What became of a command given from outside of any driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Steering {
    /// No driver was alive: it was ruled on at once, and `gantry resume` has to take the run up.
    Ruled(Ruled),
    /// A driver is alive and will answer the letter with a `steered` event.
    Posted(u64),
}

/// Gives a command to a run from any process.
///
/// # Errors
/// If the store refuses or the record cannot be read.
pub async fn steer(world: &World, run: &RunId, order: Order) -> Result<Steering, DriveError> {
    let (lease, state, head) = match take_up(world, run).await {
        Ok(taken) => taken,
        Err(DriveError::Store(StoreError::Driven { .. })) => {
            let body = serde_json::to_string(&order)?;
            let at = to_millisecond(world.clock.now());
            return Ok(Steering::Posted(world.journal.post(run, at, body).await?));
        }
        Err(error) => return Err(error),
    };
    let mut driver = Driver::new(world.clone(), lease, head, state, Inbox::Closed);
    let order = Input::Steer {
        order,
        letter: None,
    };
    let now = driver.now();
    let mut events = driver.note_clock_set_back()?;
    let decided = decide(&driver.run, &mut driver.bench, &order, now);
    events.extend(turn::take_only(
        &mut driver.run,
        &mut driver.bench,
        decided,
        now,
    )?);
    let ruled = record::ruled(&events);
    driver.commit(events, Vec::new()).await?;
    Ok(Steering::Ruled(ruled))
}

/// Gives what a run of a plan claims, for itself alone, until it has ended.
pub fn claims(plan: &Plan) -> Vec<String> {
    record::claims(plan)
}

/// Reads a run as it stands, without a lease.
///
/// # Errors
/// If there is no such run or its record cannot be read.
pub async fn read(journal: &dyn Journal, run: &RunId) -> Result<Run, DriveError> {
    Ok(keep::load(journal, run).await?.0)
}

/// Finds the answer to a letter, once a driver has written it.
///
/// # Errors
/// If the store refuses.
pub async fn answer(
    journal: &dyn Journal,
    run: &RunId,
    letter: u64,
) -> Result<Option<Ruled>, DriveError> {
    let entries = journal.read(run, 0).await?;
    let events = entries
        .iter()
        .rev()
        .filter(|entry| entry.event.kind == "steered")
        .filter_map(|entry| RunEvent::from_body(&entry.event.body).ok());
    let mut answers = events.filter_map(|event| record::answer_to(&event, letter));
    Ok(answers.next())
}

async fn take_up(world: &World, run: &RunId) -> Result<(Box<dyn Lease>, Run, Head), DriveError> {
    let lease = world.journal.lease(run).await?;
    let (state, head) = keep::load(&*world.journal, run).await?;
    Ok((lease, state, head))
}

impl Driver {
    fn new(world: World, lease: Box<dyn Lease>, head: Head, run: Run, inbox: Inbox) -> Self {
        let (sender, orders) = mpsc::unbounded_channel();
        Self {
            ticker: alarm::Ticker::start(&*world.clock),
            world,
            lease,
            head,
            run,
            bench: Bench::default(),
            inbox,
            orders,
            handle: Handle { orders: sender },
            calls: FuturesUnordered::new(),
            running: call::Running::default(),
            beside: measure::Beside::default(),
            alarms: alarm::Alarms::default(),
            preflights: call::Preflights::default(),
            due: BTreeSet::new(),
            arrived: Vec::new(),
            posted: Vec::new(),
            next_inbox: None,
            unread: Vec::new(),
        }
    }

    /// Applies what happened at this moment, and gives it as the event to commit.
    fn record(&mut self, what: Happened) -> Result<RunEvent, DriveError> {
        let event = RunEvent {
            seq: self.run.seq() + 1,
            at: to_millisecond(self.now()),
            what,
        };
        self.run.apply(&event)?;
        Ok(event)
    }

    /// Notices a wall clock that stands before the last entry of the record.
    ///
    /// It was set back while nobody drove, and everything that waits for an instant would wait that
    /// much longer. How long nobody drove is not known then; it counts as no time.
    fn note_clock_set_back(&mut self) -> Result<Vec<RunEvent>, DriveError> {
        let by_ms = (to_millisecond(self.now()) - self.run.changed_at()).num_milliseconds();
        if self.is_over() || by_ms >= -alarm::JUMP {
            return Ok(Vec::new());
        }
        Ok(vec![self.record(Happened::ClockJumped { by_ms })?])
    }

    fn is_over(&self) -> bool {
        matches!(self.run.phase(), Phase::Ended(_))
    }

    /// Gives the run as it stands.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Gives the instant of this moment; it jumps only between turns, where that is journaled.
    fn now(&self) -> Timestamp {
        self.ticker.now(self.world.clock.elapsed())
    }

    /// Gives a way to send commands while the run is followed.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }
}

/// Builds the first event of a run.
fn opening(run: &RunId, new: &NewRelease) -> Started {
    Started::of(run, &new.plan, &new.by.name, &new.gantry, new.reach.clone())
}
