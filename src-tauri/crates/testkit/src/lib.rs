//! Simulated platform with faults, manual clock, builders, conformance suites.
