//! The same test begun again and again, so that harm that begins late is found.
//!
//! The k-th start has the weight `1/((k+1)(k+2))`; the weights sum to one, so that the mixture is as
//! valid as each of its parts. A start that does not exist yet counts as an e-value of 1.
//!
//! Up to [`MOST`] starts all are followed; a longer bake follows [`LONG`] of them. The start whose neighbours stand closest, in
//! relation to its age, is frozen: its evidence stays what it was at that moment. When this happens
//! depends on the number of buckets alone, never on what they say, so the mixture stays valid; what is
//! given up is a little evidence for harm that began exactly there, because the next start takes its
//! place. Ages of the followed starts grow by about a half from one to the next.

use crate::logarithm;

/// How many starts are followed at the same time.
pub(crate) const MOST: usize = 24;

/// How many starts are followed once there were more than [`MOST`].
const LONG: usize = 14;

/// How many buckets lie between two starts.
pub(crate) const EVERY: u64 = 5;

/// One start of the tests.
#[derive(Clone, Debug)]
pub(crate) struct Start<S> {
    born: u64,
    weight: f64,
    /// The logarithm of the e-value of each test from here on.
    pub(crate) log_e: Vec<f64>,
    /// What the tests remember.
    pub(crate) state: S,
}

/// All starts of the tests of one metric.
#[derive(Clone, Debug)]
pub(crate) struct Starts<S> {
    live: Vec<Start<S>>,
    /// For each test, the logarithm of the weighted sum of what frozen starts had found.
    frozen: Vec<f64>,
    tests: usize,
    begun: u32,
    buckets: u64,
    next: u64,
}

impl<S> Starts<S> {
    pub(crate) fn new(tests: usize) -> Self {
        Self {
            live: Vec::new(),
            frozen: vec![f64::NEG_INFINITY; tests],
            tests,
            begun: 0,
            buckets: 0,
            next: 0,
        }
    }

    /// Lets a bucket pass, and begins a start before it if one is due.
    pub(crate) fn step(&mut self, state: impl FnOnce() -> S) {
        if self.buckets >= self.next {
            self.live.push(Start {
                born: self.buckets,
                weight: weight(self.begun),
                log_e: vec![0.0; self.tests],
                state: state(),
            });
            self.begun = self.begun.saturating_add(1);
            self.next = self.buckets + EVERY;
            self.thin();
        }
        self.buckets += 1;
    }

    /// Lets the next bucket begin a start, as after a change of the traffic weight.
    pub(crate) fn hasten(&mut self) {
        self.next = self.buckets;
    }

    /// Gives the starts that are followed, oldest first.
    pub(crate) fn live(&mut self) -> impl Iterator<Item = &mut Start<S>> {
        self.live.iter_mut()
    }

    /// Gives the start at the first bucket, which is never frozen.
    pub(crate) fn first(&self) -> Option<&Start<S>> {
        self.live.first()
    }

    /// Gives the logarithm of the e-value of a test over all starts.
    pub(crate) fn log_e(&self, test: usize) -> f64 {
        let rest = unused(self.begun);
        let live = self
            .live
            .iter()
            .filter_map(|start| Some((start.weight, *start.log_e.get(test)?)));
        let frozen = self.frozen.get(test).copied().filter(|log| log.is_finite());
        logarithm::weighted_sum(
            live.chain(frozen.map(|log| (1.0, log)))
                .chain([(rest, 0.0)]),
        )
    }

    fn thin(&mut self) {
        if self.live.len() <= MOST && self.begun as usize <= MOST {
            return;
        }
        while self.live.len() > LONG {
            self.freeze();
        }
    }

    /// Freezes the start whose neighbours stand closest in relation to its age.
    fn freeze(&mut self) {
        let closeness = |window: &[Start<S>]| match window {
            [before, this, after] => {
                (after.born - before.born) as f64 / (self.buckets - this.born).max(1) as f64
            }
            _ => f64::INFINITY,
        };
        let closest = self
            .live
            .windows(3)
            .map(closeness)
            .enumerate()
            .min_by(|(_, one), (_, other)| one.total_cmp(other));
        if let Some((place, _)) = closest {
            let start = self.live.remove(place + 1);
            for (frozen, log) in self.frozen.iter_mut().zip(&start.log_e) {
                let both = [(1.0, *frozen), (start.weight, *log)];
                *frozen = logarithm::weighted_sum(both.into_iter());
            }
        }
    }
}

fn weight(number: u32) -> f64 {
    let k = f64::from(number);
    1.0 / ((k + 1.0) * (k + 2.0))
}

/// Gives the weight of all starts that do not exist yet: what the sum of the others, which
/// telescopes, leaves of one.
fn unused(begun: u32) -> f64 {
    1.0 / (f64::from(begun) + 1.0)
}
