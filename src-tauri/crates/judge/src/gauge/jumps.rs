//! How much the baseline alone jumps from bucket to bucket.

use std::collections::VecDeque;

use super::LEAST_SCATTER;

/// How many jumps are kept for their median; older ones are forgotten.
pub const JUMPS: usize = 1024;

/// The scatter that is assumed where nothing was seen.
const ASSUMED: f64 = 0.15;
/// How many jumps that assumption is worth.
const WEIGHT: f64 = 4.0;
/// From how many jumps on their median is used.
const MEDIAN_FROM: usize = 5;
/// What the median of sizes is multiplied with to estimate a standard deviation.
const NORMAL: f64 = 1.4826;

/// The jumps of the baseline, in order of time and in order of size.
#[derive(Clone, Debug, Default)]
pub(super) struct Jumps {
    last: Option<f64>,
    sizes: VecDeque<f64>,
    sorted: Vec<f64>,
}

impl Jumps {
    pub(super) fn add(&mut self, level: f64) {
        if let Some(last) = self.last.replace(level) {
            self.take((level - last).abs());
        }
    }

    /// Gives the standard deviation that the jumps make likely, blended with the assumption.
    pub(super) fn scatter(&self) -> f64 {
        let count = self.sizes.len() as f64;
        let variance = match self.sorted.get(self.sorted.len() / 2) {
            None => return ASSUMED,
            Some(median) if self.sorted.len() >= MEDIAN_FROM => (NORMAL * median).powi(2),
            Some(_) => self.sizes.iter().map(|size| size * size).sum::<f64>() / count,
        };
        let blended = (WEIGHT * ASSUMED * ASSUMED + count * variance) / (WEIGHT + count);
        blended.sqrt().max(LEAST_SCATTER)
    }

    fn take(&mut self, size: f64) {
        if self.sizes.len() == JUMPS
            && let Some(oldest) = self.sizes.pop_front()
        {
            let place = self.sorted.partition_point(|kept| *kept < oldest);
            self.sorted.remove(place);
        }
        self.sizes.push_back(size);
        let place = self.sorted.partition_point(|kept| *kept < size);
        self.sorted.insert(place, size);
    }
}
