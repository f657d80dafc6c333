//! Which seeds are played, and by as many threads as there are processors.

use std::{
    ops::Range,
    panic::{self, AssertUnwindSafe},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

/// Reads a number that a test is told from outside.
pub(crate) fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Gives the seeds to play: the one of `GANTRY_SEED`, or as many as are wanted, from
/// `GANTRY_FIRST_SEED` on.
pub(crate) fn seeds(wanted: u64) -> Range<u64> {
    match told("GANTRY_SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            let first = told("GANTRY_FIRST_SEED").unwrap_or(0);
            first..first + wanted
        }
    }
}

/// Plays every seed and fails with what the first few say is wrong.
///
/// Every seed has its world and its clock for itself, so that threads change nothing.
pub(crate) fn every(seeds: Range<u64>, play: impl Fn(u64) -> Result<(), String> + Sync) {
    let next = AtomicU64::new(seeds.start);
    let failures = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if !seeds.contains(&seed) {
                        break;
                    }
                    let played = panic::catch_unwind(AssertUnwindSafe(|| play(seed)));
                    let panicked = |_| Err(format!("seed {seed} panicked, see above"));
                    if let Err(wrong) = played.unwrap_or_else(panicked) {
                        let mut failures = failures.lock().unwrap_or_else(PoisonError::into_inner);
                        failures.push((seed, wrong));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    let count = failures.len();
    let told: Vec<String> = failures
        .into_iter()
        .take(5)
        .map(|(_, wrong)| wrong)
        .collect();
    assert!(count == 0, "{count} seeds failed:\n{}", told.join("\n"));
}
