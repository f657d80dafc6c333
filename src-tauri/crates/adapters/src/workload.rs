//! Workload platforms: an adapter per product.

pub mod docker;
