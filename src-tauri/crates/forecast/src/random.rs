//! Numbers that look random and are always the same for the same seed.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How many bits a part of a nearly normal number has.
const PART_BITS: u32 = 14;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        Self(ChaCha8Rng::from_seed(seed))
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Gives a number from 0 up to, but not including, 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Gives a standard normal number.
    pub(crate) fn normal(&mut self) -> f64 {
        let (size, angle) = (1.0 - self.unit(), self.unit());
        (-2.0 * size.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}

/// Turns 56 bits into a number of mean 0 and variance 1 that is nearly normal: the sum of four even
/// ones, which is several times as quick and enough to smooth with.
pub(crate) fn nearly_normal(bits: u64) -> f64 {
    let parts: u64 = (0..4)
        .map(|part| (bits >> (part * PART_BITS)) & ((1 << PART_BITS) - 1))
        .sum();
    let sum = (parts as f64 + 2.0) / f64::from(1_u32 << PART_BITS);
    (sum - 2.0) * 3_f64.sqrt()
}
