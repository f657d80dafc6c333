//! Delivering what waits: at least once, with a key by which a repeated message is known.
//!
//! A message is claimed before it is sent and settled after. Whoever dies in between leaves a claim
//! that runs out; then it is sent again, under the same key. So no message is lost, and a channel
//! that knows keys shows none twice.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use gantry_model::{id::ReleaseId, time::Timestamp, unit::Span};
use gantry_notify::{
    digest,
    notice::{Mood, Notice},
    retry::{self, Failure, Next},
    storm::{self, Haste, Waiting},
};
use gantry_port::{
    channel::{Message, Tone},
    clock::Clock,
    fault::{Fault, FaultKind},
    journal::StoreError,
    outbox::{Outbox, Parcel, ParcelState, Settlement, Which},
};
use serde::Serialize;

use super::{
    parcel,
    route::{Route, Routes},
};

/// How long a channel may take.
const TIMEOUT: Span = Span::from_secs(30);
/// After how long a message that was claimed and not settled is anybody's again.
const CLAIM: Span = Span::from_secs(120);
/// How many messages are looked at in one round.
const MOST: u32 = 5_000;

/// How many messages that were sent are looked at; no cap is higher.
const LATELY: u32 = 1_000;

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Round {
    /// How many messages were taken by their channels, digests included.
    pub delivered: u32,
    /// How many tries failed; each is tried again or given up.
    pub failed: u32,
    /// How many wait now, for a digest or another try.
    pub waiting: u32,
}

/// Delivers messages.
#[derive(Clone, Copy)]
pub struct Sender<'a> {
    /// What waits.
    pub outbox: &'a dyn Outbox,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Ways.
    pub routes: &'a dyn Routes,
}

/// A message with what stands in it.
struct Open {
    parcel: Parcel,
    notice: Notice,
}

impl Open {
    fn is_fresh(&self) -> bool {
        self.parcel.attempts == 0
    }

    fn is_digest(&self) -> bool {
        self.notice.event == "digest"
    }
}

impl Sender<'_> {
    /// Sends what is due, and puts together what comes too thick.
    ///
    /// # Errors
    /// Where the outbox cannot be read or written; nothing is lost by that.
    pub async fn round(&self, which: &Which, haste: Haste) -> Result<Round, StoreError> {
        let mut round = self.pass(which, haste).await?;
        // Digests that were just written have a place under the cap.
        let digests = self.pass(which, haste).await?;
        round.delivered += digests.delivered;
        round.failed += digests.failed;
        let waiting = self.outbox.waiting(which, MOST).await?;
        round.waiting = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
        Ok(round)
    }

    async fn pass(&self, which: &Which, haste: Haste) -> Result<Round, StoreError> {
        let mut readers: BTreeMap<(ReleaseId, String), Vec<Open>> = BTreeMap::new();
        for parcel in self.outbox.waiting(which, MOST).await? {
            match serde_json::from_str(&parcel.body) {
                Ok(notice) => {
                    let reader = (parcel.release.clone(), parcel.reader.clone());
                    readers
                        .entry(reader)
                        .or_default()
                        .push(Open { parcel, notice });
                }
                Err(error) => self.unreadable(&parcel, &error).await?,
            }
        }
        let work = readers
            .into_iter()
            .map(|((release, reader), open)| self.reader(release, reader, open, haste));
        let mut round = Round::default();
        for done in join_all(work).await {
            let done = done?;
            round.delivered += done.delivered;
            round.failed += done.failed;
        }
        Ok(round)
    }

    async fn unreadable(
        &self,
        parcel: &Parcel,
        error: &serde_json::Error,
    ) -> Result<(), StoreError> {
        let words = format!("the message cannot be read: {error}");
        let now = self.clock.now();
        let failed = Settlement::Failed { words };
        self.outbox.settle(parcel.id, now, failed).await
    }

    /// Does what is to be done for one reader, one message after the other, in their order.
    async fn reader(
        &self,
        release: ReleaseId,
        reader: String,
        open: Vec<Open>,
        haste: Haste,
    ) -> Result<Round, StoreError> {
        let now = self.clock.now();
        let mut history = self.outbox.tried(&release, &reader, LATELY).await?;
        let ids = self.rule(&open, &history, (now, haste)).await?;
        let mut round = Round::default();
        for one in open.iter().filter(|one| ids.contains(&one.parcel.id)) {
            match self.deliver(one, &history).await? {
                Some(Settlement::Delivered { thread, .. }) => {
                    round.delivered += 1;
                    history.push(Parcel {
                        state: ParcelState::Delivered,
                        thread,
                        ..one.parcel.clone()
                    });
                }
                Some(Settlement::Again { .. } | Settlement::Failed { .. }) => round.failed += 1,
                None => {}
            }
        }
        Ok(round)
    }

    /// Decides which messages go now; gathers or puts together the others.
    async fn rule(
        &self,
        open: &[Open],
        history: &[Parcel],
        (now, haste): (Timestamp, Haste),
    ) -> Result<Vec<u64>, StoreError> {
        // A digest has its place, and a message that is tried again has had one.
        let again = |one: &&Open| match one.is_fresh() {
            true => one.is_digest(),
            false => one.parcel.due <= now,
        };
        let mut ids: Vec<u64> = open.iter().filter(again).map(|one| one.parcel.id).collect();
        let fresh: Vec<&Open> = open
            .iter()
            .filter(|one| one.is_fresh() && !one.is_digest())
            .collect();
        let Some(first) = fresh.first() else {
            return Ok(ids);
        };
        let sent: Vec<Timestamp> = history.iter().filter_map(|one| one.tried).collect();
        let waiting: Vec<Waiting> = fresh.iter().map(|one| waiting(one)).collect();
        let route = self.routes.find(&first.notice).await;
        let notify = route.map(|route| route.notify).unwrap_or_default();
        let ruling = storm::decide(&notify, &sent, &waiting, (now, haste));
        ids.extend(ruling.single);
        if let Some((later, until)) = ruling.later {
            let new = |id: &u64| {
                fresh
                    .iter()
                    .any(|one| one.parcel.id == *id && !one.parcel.gathered)
            };
            let later: Vec<u64> = later.into_iter().filter(new).collect();
            if !later.is_empty() {
                self.outbox.gather(later, until).await?;
            }
        }
        if !ruling.together.is_empty() {
            self.put_together(&fresh, &ruling.together, now).await?;
        }
        Ok(ids)
    }

    async fn put_together(
        &self,
        fresh: &[&Open],
        members: &[u64],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let members = fresh.iter().filter(|one| members.contains(&one.parcel.id));
        let (ids, notices): (Vec<u64>, Vec<Notice>) = members
            .map(|one| (one.parcel.id, one.notice.clone()))
            .unzip();
        if let Some(parcel) = digest::of(&notices, now).as_ref().and_then(parcel::of) {
            // Where another process was first, the next round sees what it left.
            let _was_first = self.outbox.digest(ids, now, parcel).await?;
        }
        Ok(())
    }

    /// Sends one message; nothing where another process has it.
    async fn deliver(
        &self,
        open: &Open,
        history: &[Parcel],
    ) -> Result<Option<Settlement>, StoreError> {
        let Open { parcel, notice } = open;
        let now = self.clock.now();
        if !self
            .outbox
            .claim(parcel.id, now, now + CLAIM.as_delta())
            .await?
        {
            return Ok(None);
        }
        let thread = thread(history, parcel);
        let sent = match self.routes.find(notice).await {
            Ok(Route { channel, .. }) => channel.send(&message(notice, thread), TIMEOUT).await,
            Err(fault) => Err(fault),
        };
        let now = self.clock.now();
        let settlement = match sent {
            Ok(receipt) => Settlement::Delivered {
                thread: receipt.thread,
                words: receipt.reference.unwrap_or_default(),
            },
            Err(fault) => after(&fault, parcel.attempts + 1, now),
        };
        self.outbox
            .settle(parcel.id, now, settlement.clone())
            .await?;
        Ok(Some(settlement))
    }
}

fn waiting(open: &Open) -> Waiting {
    Waiting {
        id: open.parcel.id,
        urgency: open.notice.urgency,
        gathered: open.parcel.gathered.then_some(open.parcel.due),
    }
}

/// Finds what the last message of the same thread left, where it left something.
fn thread(history: &[Parcel], parcel: &Parcel) -> Option<String> {
    let delivered = history.iter().rev().find(|one| {
        one.state == ParcelState::Delivered && one.run == parcel.run && one.id != parcel.id
    });
    delivered.and_then(|one| one.thread.clone())
}

fn after(fault: &Fault, tries: u32, now: Timestamp) -> Settlement {
    let failure = match &fault.kind {
        FaultKind::Refused | FaultKind::Unsupported | FaultKind::Conflict => Failure::Final,
        FaultKind::Busy { after } => Failure::Busy(*after),
        FaultKind::Unsent | FaultKind::Lost => Failure::Passing,
    };
    let words = fault.message.clone();
    match retry::next(failure, tries) {
        Next::After(pause) => Settlement::Again {
            due: now + pause.as_delta(),
            words,
        },
        Next::GiveUp => Settlement::Failed { words },
    }
}

fn message(notice: &Notice, thread: Option<String>) -> Message {
    Message {
        key: notice.key.clone(),
        via: notice.via.clone(),
        release: notice.release.to_string(),
        subject: notice.thread(),
        environment: notice.environment.to_string(),
        event: notice.event.clone(),
        tone: match notice.mood {
            Mood::Good => Tone::Good,
            Mood::Plain => Tone::Plain,
            Mood::Warning => Tone::Warning,
            Mood::Bad => Tone::Bad,
        },
        at: notice.at,
        title: notice.title.clone(),
        body: notice.body.clone(),
        thread,
    }
}
