//! Following a run until it has ended or only a person can move it.

use std::{future::poll_fn, task::Poll};

use futures_util::StreamExt;
use gantry_model::{
    command::Order,
    event::{Happened, Place, RunEvent},
    journal::Entry,
    run::{Phase, Run, Slot},
    unit::Span,
};
use tokio::sync::oneshot;

use super::{DriveError, Driver, Inbox, Post, Ruled, alarm::Alarm, record};
use crate::{
    decide::Input,
    standing::{Standing, standing},
    turn::turn,
    window,
};

/// Who hears of each entry once it is durable.
pub type Observer<'a> = &'a mut (dyn FnMut(&Entry, &RunEvent) + Send);

/// What one turn was given.
#[derive(Default)]
struct Gathered {
    inputs: Vec<Input>,
    /// Letters that the turn answers.
    letters: Vec<u64>,
    /// Who waits for an answer in this process, in the order of their commands.
    replies: Vec<oneshot::Sender<Ruled>>,
    /// Slots that something came back for.
    slots: Vec<Slot>,
}

impl Driver {
    /// Follows the run: until it has ended, or only a person can move it.
    ///
    /// Each durable entry is told to the observer. Afterwards commands can be given through the
    /// handle and the run followed again.
    ///
    /// # Errors
    /// If the store refuses, above all because another driver took the run over; the driver must
    /// then be dropped.
    pub async fn follow(&mut self, observer: Observer<'_>) -> Result<Standing, DriveError> {
        self.until(observer, |standing| match standing {
            Standing::Ended(_) | Standing::WaitsForPerson(_) => true,
        })
        .await
    }

    /// Follows the run until it has ended: where only a person can move it, waits for the person's
    /// command from the inbox or the handle, and goes on watching what is watched.
    ///
    /// # Errors
    /// As [`Driver::follow`].
    pub async fn follow_to_the_end(
        &mut self,
        observer: Observer<'_>,
    ) -> Result<Standing, DriveError> {
        self.until(observer, |standing| match standing {
            Standing::Ended(_) => true,
            Standing::WaitsForPerson(_) => false,
        })
        .await
    }

    async fn until(
        &mut self,
        observer: Observer<'_>,
        is_enough: impl Fn(&Standing) -> bool,
    ) -> Result<Standing, DriveError> {
        self.call_everything();
        loop {
            self.tell(observer);
            let gathered = self.gather().await?;
            if self.take_turn(gathered).await? {
                continue;
            }
            if let Some(standing) = standing(&self.run, self.now()).filter(&is_enough) {
                self.tell(observer);
                return Ok(standing);
            }
            self.wait().await;
        }
    }

    fn tell(&mut self, observer: Observer<'_>) {
        for (entry, event) in self.unread.drain(..) {
            observer(&entry, &event);
        }
    }

    /// Decides, records and acts; tells whether anything happened.
    async fn take_turn(&mut self, gathered: Gathered) -> Result<bool, DriveError> {
        let now = self.now();
        let events = turn(&mut self.run, &mut self.bench, &gathered.inputs, now)?;
        let happened = !events.is_empty() || !gathered.letters.is_empty();
        let mut slots = gathered.slots;
        slots.extend(events.iter().filter_map(|event| slot_of(&self.run, event)));
        let all = events.iter().any(concerns_every_slot);
        let rulings: Vec<Ruled> = local_rulings(&events);
        self.commit(events, gathered.letters).await?;
        for (reply, ruled) in gathered.replies.into_iter().zip(rulings) {
            // Whoever asked may have gone.
            _ = reply.send(ruled);
        }
        slots.sort_unstable();
        slots.dedup();
        for slot in slots {
            self.sync(slot);
        }
        if all {
            self.call_everything();
        }
        self.look_at_criteria();
        self.sync_triggers();
        self.sync_silences();
        Ok(happened)
    }

    /// Collects everything that is ready, without waiting.
    async fn gather(&mut self) -> Result<Gathered, DriveError> {
        let mut gathered = Gathered::default();
        if let Some(by_ms) = self.ticker.jump(&*self.world.clock) {
            gathered.inputs.push(Input::Jumped(by_ms));
        }
        self.ring();
        self.drain_calls().await;
        for done in std::mem::take(&mut self.arrived) {
            let inputs = self.take(done);
            gathered
                .slots
                .extend(inputs.iter().filter_map(slot_of_input));
            gathered.inputs.extend(inputs);
        }
        gathered
            .inputs
            .extend(self.due.iter().map(|slot| Input::Due(*slot)));
        while let Ok(post) = self.orders.try_recv() {
            self.posted.push(post);
        }
        for Post { order, reply } in std::mem::take(&mut self.posted) {
            gathered.inputs.push(Input::Steer {
                order,
                letter: None,
            });
            gathered.replies.push(reply);
        }
        self.read_inbox(&mut gathered).await?;
        Ok(gathered)
    }

    fn ring(&mut self) {
        let now = self.now();
        for alarm in self.alarms.ring(self.world.clock.elapsed()) {
            match alarm {
                Alarm::Look(slot) => self.look_again(slot),
                Alarm::Bucket(step) => self.measure(step),
                Alarm::Triggers => self.look_at_triggers(),
                Alarm::Instant(slot) => match crate::effect::wake_of(&self.run, slot) {
                    // The wall clock is a little behind the time awake: wait for it.
                    Some(at) if at > now => {
                        let awake = self.ticker.awake_at(at);
                        self.alarms.set(alarm, awake);
                    }
                    Some(_) => _ = self.due.insert(slot),
                    None => {}
                },
            }
        }
    }

    /// Takes every call that has come back, until none is ready.
    async fn drain_calls(&mut self) {
        let Self { calls, arrived, .. } = self;
        poll_fn(|context| {
            while let Poll::Ready(Some(done)) = calls.poll_next_unpin(context) {
                arrived.extend(done);
            }
            Poll::Ready(())
        })
        .await;
    }

    async fn read_inbox(&mut self, gathered: &mut Gathered) -> Result<(), DriveError> {
        let Inbox::Every(span) = self.inbox else {
            return Ok(());
        };
        let elapsed = self.world.clock.elapsed();
        if self.next_inbox.is_some_and(|next| elapsed < next) {
            return Ok(());
        }
        self.next_inbox = Some(elapsed + span);
        for letter in self.world.journal.inbox(self.run.id()).await? {
            gathered.letters.push(letter.id);
            match serde_json::from_str::<Order>(&letter.body) {
                Ok(order) => gathered.inputs.push(Input::Steer {
                    order,
                    letter: Some(letter.id),
                }),
                Err(error) => {
                    tracing::warn!(letter = letter.id, %error, "letter cannot be read");
                }
            }
        }
        Ok(())
    }

    /// Waits until a call comes back, a timer rings, or somebody gives a command.
    async fn wait(&mut self) {
        let next = self.next_wake();
        let clock = std::sync::Arc::clone(&self.world.clock);
        let timer = async move {
            match next {
                Some(at) => {
                    let span = at.as_millis().saturating_sub(clock.elapsed().as_millis());
                    clock.wait(Span::from_millis(span)).await;
                }
                None => std::future::pending().await,
            }
        };
        let Self {
            calls,
            arrived,
            orders,
            posted,
            ..
        } = self;
        tokio::select! {
            biased;
            done = calls.next(), if !calls.is_empty() => arrived.extend(done.flatten()),
            post = orders.recv() => posted.extend(post),
            () = timer => {}
        }
    }

    /// Gives the time awake at which something is due, if nothing comes before.
    fn next_wake(&self) -> Option<Span> {
        let window = self.run.plan().window.as_ref();
        let change = window.and_then(|window| window::next_change(window, self.now()));
        let change = change.filter(|_| self.run.phase() == Phase::Forward);
        let inbox = match self.inbox {
            Inbox::Every(_) => self.next_inbox,
            Inbox::Closed => None,
        };
        let wakes = [
            self.alarms.next(),
            change.map(|at| self.ticker.awake_at(at)),
            inbox,
        ];
        wakes.into_iter().flatten().min()
    }
}

/// The slot of an answer, so that its next look is set even where nothing came of this one.
fn slot_of_input(input: &Input) -> Option<Slot> {
    match input {
        Input::Performed { slot, .. } | Input::Observed { slot, .. } => Some(*slot),
        Input::Sampled { step, .. } | Input::Measured { step, .. } | Input::Cancelled(step) => {
            Some(Slot::Step(*step))
        }
        Input::Preflights(_)
        | Input::Criteria(_)
        | Input::Watched(_)
        | Input::Silence(_)
        | Input::Due(_)
        | Input::Jumped(_)
        | Input::Steer { .. } => None,
    }
}

/// The slot whose state an event changed.
fn slot_of(run: &Run, event: &RunEvent) -> Option<Slot> {
    let step = |place: &Place| run.find_step(&place.step).map(Slot::Step);
    let undo = |place: &Place| run.find_undo(&place.step).map(Slot::Undo);
    match &event.what {
        Happened::PreflightPassed { place, .. }
        | Happened::PreflightFailed { place, .. }
        | Happened::StepScheduled { place, .. }
        | Happened::StepStarted { place, .. }
        | Happened::StepSucceeded { place, .. }
        | Happened::StepFailed { place, .. }
        | Happened::StepRetried { place, .. }
        | Happened::StepLost { place, .. }
        | Happened::StepObserved { place, .. }
        | Happened::StepCancelled { place, .. }
        | Happened::StepSkipped { place, .. }
        | Happened::BakeSampled { place, .. }
        | Happened::BakeExtended { place, .. }
        | Happened::BakeMeasured { place, .. }
        | Happened::Approved {
            place: Some(place), ..
        } => step(place),
        Happened::BakeJudged(judged) => step(&judged.place),
        Happened::UndoStarted { place, .. }
        | Happened::UndoSucceeded { place, .. }
        | Happened::UndoSkipped { place, .. }
        | Happened::UndoFailed { place, .. }
        | Happened::UndoLost { place, .. }
        | Happened::UndoObserved { place, .. }
        | Happened::UndoStuck { place, .. }
        | Happened::UndoRetried { place, .. } => undo(place),
        Happened::Resolved { place, .. } => step(place).or_else(|| undo(place)),
        Happened::Started(_)
        | Happened::DriverStarted { .. }
        | Happened::Approved { place: None, .. }
        | Happened::Held { .. }
        | Happened::Resumed { .. }
        | Happened::AbortRequested { .. }
        | Happened::RollbackStarted(_)
        | Happened::LeftInPlace { .. }
        | Happened::Steered(_)
        | Happened::CriterionMet { .. }
        | Happened::CriterionUnmet { .. }
        | Happened::EvidenceCarried(_)
        | Happened::TriggerTripped(_)
        | Happened::TriggerCleared { .. }
        | Happened::SilenceSet { .. }
        | Happened::SilenceEnded { .. }
        | Happened::ClockJumped { .. }
        | Happened::Note { .. }
        | Happened::Finished { .. } => None,
    }
}

/// Whether calls that nothing was said about may have to be stopped now.
/// Whether something changes what is wanted of every slot, or when: the direction, or the clock by
/// which their instants are read.
fn concerns_every_slot(event: &RunEvent) -> bool {
    matches!(
        event.what,
        Happened::RollbackStarted(_) | Happened::ClockJumped { .. }
    )
}

/// The rulings on commands of this process, in their order.
fn local_rulings(events: &[RunEvent]) -> Vec<Ruled> {
    let local = events.iter().filter(|event| match &event.what {
        Happened::Steered(steered) => steered.letter.is_none(),
        _ => false,
    });
    local.filter_map(record::ruling_of).collect()
}
