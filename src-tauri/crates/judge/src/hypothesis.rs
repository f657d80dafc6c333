//! What a test gathers evidence against.

/// A claim about two arms: the ratio of one to the other is at most `theta`.
///
/// Evidence against it is evidence that the ratio is larger. "The canary is not worse than ×1.25" is
/// such a claim, and so is, with the arms exchanged, "the canary is at least twice as bad", against
/// which evidence is needed for a pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypothesis {
    /// Which arm stands above the line of the ratio.
    pub orientation: Orientation,
    /// The bound that is claimed.
    pub theta: f64,
    /// Whether it is also tested from later buckets on.
    pub restarts: Restarts,
}

/// Which arm stands above the line of the ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Canary over baseline.
    CanaryOverBaseline,
    /// Baseline over canary.
    BaselineOverCanary,
}

/// Whether a test is begun again every five buckets, to find harm that begins late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restarts {
    /// It is.
    EveryFive,
    /// The whole series counts, as a pass demands.
    Never,
}
