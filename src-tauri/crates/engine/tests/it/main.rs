//! The engine against small fakes: laws, sweeps and counts.
