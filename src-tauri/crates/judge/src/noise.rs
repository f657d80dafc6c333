//! How noisy a service is assumed to be before its own data say so.

/// What is assumed of the noise between two arms that run the same version.
///
/// The numbers are floors and starting points: the data can show more noise than this, and then
/// more is used, but never less than `kappa` says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// Relative variance of the ratio of two arms within a bucket; no bucket of counts can carry
    /// more information than `1 / kappa`.
    pub kappa: f64,
    /// Whether the counts' own scatter may raise `kappa`.
    pub learning: Learning,
    /// Autocorrelation of a gauge's log ratio from bucket to bucket.
    pub phi: f64,
    /// How many buckets the assumption `phi` is worth.
    pub phi_weight: f64,
    /// How many buckets the assumed scatter of a gauge is worth.
    pub scatter_weight: f64,
}

/// Whether an assumption is corrected by what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learning {
    /// It is.
    On,
    /// It stands as it is, as in textbook tests.
    Off,
}

impl Noise {
    /// For services whose noise is not known.
    pub const SAFE: Self = Self {
        kappa: 0.20,
        learning: Learning::On,
        phi: 0.75,
        phi_weight: 40.0,
        scatter_weight: 20.0,
    };

    /// For services that were calibrated against themselves.
    pub const FAST: Self = Self {
        kappa: 0.04,
        learning: Learning::On,
        phi: 0.3,
        phi_weight: 10.0,
        scatter_weight: 6.0,
    };

    /// For gauges that were calibrated against themselves and keep no direction from bucket to
    /// bucket; where this were assumed of one that does, good versions would be stopped.
    pub const RESTLESS: Self = Self {
        phi: 0.0,
        phi_weight: 40.0,
        ..Self::FAST
    };

    /// Gives the same assumptions with another correlation from bucket to bucket, held to as firmly
    /// as calibration allows.
    #[must_use]
    pub fn with_phi(self, phi: f64) -> Self {
        Self {
            phi,
            phi_weight: Self::RESTLESS.phi_weight,
            ..self
        }
    }

    /// Gives the same assumptions with another relative variance.
    #[must_use]
    pub fn with_kappa(self, kappa: f64) -> Self {
        Self { kappa, ..self }
    }
}
