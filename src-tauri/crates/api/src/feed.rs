//! What has changed: a topic and perhaps an id, never the state itself; whoever cares asks again.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::{self, error::RecvError};

/// How many changes a slow listener may be behind before it is told that everything changed.
const BEHIND_AT_MOST: usize = 256;

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// The list of runs.
    Runs,
    /// One run; its id stands beside.
    Run,
    /// Checklists, polls and waivers of a release; its id stands beside where it is known.
    Readiness,
    /// The releases that the workspace knows.
    Releases,
    /// Services, owners, dependencies, environments, quarantined versions.
    Catalogue,
    /// Connections.
    Connections,
    /// Freezes, and whose key is whose.
    Freezes,
    /// What was sent to whom.
    Notices,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 8] = [
        Self::Runs,
        Self::Run,
        Self::Readiness,
        Self::Releases,
        Self::Catalogue,
        Self::Connections,
        Self::Freezes,
        Self::Notices,
    ];
}

/// Something that changed, in this process or in another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// Which one, where it is one of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub id: Option<String>,
}

impl Change {
    /// Says that something of a topic changed.
    pub fn of(topic: Topic) -> Self {
        Self { topic, id: None }
    }

    /// Says that one thing of a topic changed.
    pub fn one(topic: Topic, id: impl Into<String>) -> Self {
        Self {
            topic,
            id: Some(id.into()),
        }
    }
}

/// Where changes are told and heard.
#[derive(Clone, Debug)]
pub struct Feed(broadcast::Sender<Change>);

impl Default for Feed {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND_AT_MOST))
    }
}

impl Feed {
    /// Tells everybody who listens.
    pub fn tell(&self, change: Change) {
        // Nobody listens where no page is open.
        let _heard = self.0.send(change);
    }

    /// Listens from now on.
    pub fn listen(&self) -> Listener {
        Listener {
            changes: self.0.subscribe(),
            due: VecDeque::new(),
        }
    }

    /// Says whether somebody listens.
    pub fn is_heard(&self) -> bool {
        self.0.receiver_count() > 0
    }
}

/// Hears changes; one that was too slow hears of every topic once.
#[derive(Debug)]
pub struct Listener {
    changes: broadcast::Receiver<Change>,
    due: VecDeque<Change>,
}

impl Listener {
    /// Waits for the next change; none once nobody can tell any more.
    pub async fn next(&mut self) -> Option<Change> {
        if let Some(change) = self.due.pop_front() {
            return Some(change);
        }
        match self.changes.recv().await {
            Ok(change) => Some(change),
            Err(RecvError::Lagged(_)) => {
                self.due = Topic::ALL.into_iter().map(Change::of).collect();
                self.due.pop_front()
            }
            Err(RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_was_too_slow_hears_of_every_topic() {
        let feed = Feed::default();
        assert!(!feed.is_heard());
        let mut listener = feed.listen();
        feed.tell(Change::one(Topic::Run, "shop#1"));
        assert_eq!(
            listener.next().await,
            Some(Change::one(Topic::Run, "shop#1"))
        );
        for _ in 0..=BEHIND_AT_MOST {
            feed.tell(Change::of(Topic::Runs));
        }
        for topic in Topic::ALL {
            assert_eq!(listener.next().await, Some(Change::of(topic)));
        }
    }
}
