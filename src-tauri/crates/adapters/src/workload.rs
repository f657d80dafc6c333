//! Workload platforms.
