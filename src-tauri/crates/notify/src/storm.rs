//! How much is sent at once: a cap for each stakeholder, and a digest of what does not fit.

use gantry_model::{release::stakeholder::Notify, time::Timestamp};

use crate::notice::Urgency;

/// A message that waits for one stakeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number in the outbox.
    pub id: u64,
    /// Whether it may wait.
    pub urgency: Urgency,
    /// Until when it waits for a digest, where that was decided before.
    pub gathered: Option<Timestamp>,
}

/// Whether somebody will be there to send a digest later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    /// Yes: what does not fit is gathered.
    Patient,
    /// No, this process is about to end: what was gathered goes now.
    Closing,
}

/// What becomes of the messages of one stakeholder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruling {
    /// These are sent now, one by one.
    pub single: Vec<u64>,
    /// These are put into one digest, which is sent now.
    pub together: Vec<u64>,
    /// These wait until then for a digest.
    pub later: Option<(Vec<u64>, Timestamp)>,
}

/// Decides which of the messages that wait for one stakeholder, the oldest first, are sent now.
///
/// `sent` has the instants at which messages were handed to the channel for them lately. Ordinary
/// messages may use half of the cap and urgent ones all of it but one; the last place is for the
/// digest, which takes what does not fit once the time that the cap counts for is over.
pub fn decide(
    notify: &Notify,
    sent: &[Timestamp],
    waiting: &[Waiting],
    (now, haste): (Timestamp, Haste),
) -> Ruling {
    let since = now - notify.within.as_delta();
    let lately = || sent.iter().copied().filter(|at| *at > since);
    let used = lately().count();
    let cap = notify.at_most.max(2) as usize;
    let mut places = Places {
        used,
        cap,
        few: used + waiting.len() < cap,
    };
    let gathering = waiting.iter().filter_map(|message| message.gathered).min();
    let first = lately().min().unwrap_or(now);
    let until = gathering.unwrap_or(first + notify.within.as_delta());
    let mut ruling = Ruling::default();
    let mut rest = Vec::new();
    for message in waiting {
        let fresh = message.gathered.is_none();
        let calm = gathering.is_none() || message.urgency == Urgency::Urgent;
        if fresh && calm && places.take(message.urgency) {
            ruling.single.push(message.id);
        } else {
            rest.push(message.id);
        }
    }
    let over = gathering.is_some_and(|until| now >= until) || haste == Haste::Closing;
    match (rest.as_slice(), over && places.used < places.cap) {
        ([], _) => {}
        ([alone], true) => ruling.single.push(*alone),
        (_, true) => ruling.together = rest,
        (_, false) => ruling.later = Some((rest, until.max(now))),
    }
    ruling
}

struct Places {
    used: usize,
    cap: usize,
    /// Whether all that wait fit in, so that nobody needs a quota.
    few: bool,
}

impl Places {
    /// Takes a place if there is one for such a message.
    fn take(&mut self, urgency: Urgency) -> bool {
        let quota = match urgency {
            Urgency::Urgent | Urgency::Ordinary if self.few => self.cap,
            Urgency::Urgent => self.cap - 1,
            Urgency::Ordinary => self.cap / 2,
        };
        let free = self.used < quota;
        if free {
            self.used += 1;
        }
        free
    }
}
