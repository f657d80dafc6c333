//! Chance that is a function of the seed and of what it is asked about, never of who asked before.

/// Rolls dice that fall the same way for the same seed, label and count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    seed: u64,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Gives a number from 0 to just below 1.
    pub(crate) fn fraction(self, label: &str, count: u64) -> f64 {
        // 53 bits are what a double holds exactly.
        (self.bits(label, count) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Gives a number from -1 to 1 that is mostly near 0: the sum of three dice.
    pub(crate) fn around_zero(self, label: &str, count: u64) -> f64 {
        let die = |side: u64| self.fraction(label, count.wrapping_mul(3).wrapping_add(side));
        (die(0) + die(1) + die(2)) / 1.5 - 1.0
    }

    fn bits(self, label: &str, count: u64) -> u64 {
        let start = mix(self.seed ^ mix(count));
        label
            .bytes()
            .fold(start, |hash, byte| mix(hash ^ u64::from(byte)))
    }
}

/// The finalizer of SplitMix64: every bit of the input moves every bit of the output.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
