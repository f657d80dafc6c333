//! Numbers that look random and are always the same for the same seed.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

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
        unit(self.bits())
    }

    /// Gives a standard normal number.
    pub(crate) fn normal(&mut self) -> f64 {
        let (size, angle) = (1.0 - self.unit(), self.unit());
        (-2.0 * size.ln()).sqrt() * (std::f64::consts::TAU * angle).cos()
    }
}

/// Gives a number from 0 up to, but not including, 1 by the upper bits of some.
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}
