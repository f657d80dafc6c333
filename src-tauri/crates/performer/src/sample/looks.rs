//! The router's counters at the last look of each node.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use gantry_model::{
    id::{NodeId, RunId},
    platform::RouteState,
};

use crate::{scene::Scene, traffic::Counted};

/// So few new requests say nothing yet: they are counted on until there are more.
const ENOUGH: u64 = 20;
/// So few failures may be chance: they are counted on until there are more, or clearly few.
const FAILURES: u64 = 8;
/// Among so many requests, fewer failures than that are clearly few.
const MANY: u64 = 1000;

/// Whether a count says something: a verdict from a handful of requests at every look would be
/// wrong sooner or later, because there are so many looks.
pub(super) fn is_telling(counted: Counted) -> bool {
    let Counted {
        requests, errors, ..
    } = counted;
    requests >= ENOUGH && (errors == 0 || errors >= FAILURES || requests >= MANY)
}

/// Remembers counters between looks. What is lost with the process is only the first look after.
#[derive(Default)]
pub(crate) struct Looks {
    last: Mutex<BTreeMap<(RunId, NodeId), RouteState>>,
}

impl Looks {
    /// Notes the counters from which the next look counts.
    pub(crate) fn keep(&self, scene: &Scene<'_>, state: &RouteState) {
        self.last().insert(key(scene), state.clone());
    }

    /// Counts what came since the last look; none at the first. Counting starts anew once there
    /// was enough to tell.
    pub(super) fn count(
        &self,
        scene: &Scene<'_>,
        state: &RouteState,
        addresses: &[String],
    ) -> Option<Counted> {
        let mut last = self.last();
        let counted = last
            .get(&key(scene))
            .map(|before| Counted::between(before, state, addresses));
        if counted.is_none_or(is_telling) {
            last.insert(key(scene), state.clone());
        }
        counted
    }

    fn last(&self) -> MutexGuard<'_, BTreeMap<(RunId, NodeId), RouteState>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(scene: &Scene<'_>) -> (RunId, NodeId) {
    (scene.operation.run.clone(), scene.node.id.clone())
}
