//! The outside world: a folder per port, a file per product.

pub mod alerts;
pub mod channel;
pub mod inquiry;
pub mod metrics;
pub mod probe;
pub mod router;
pub mod secret;
pub mod task;
pub mod workload;

mod http;
mod wording;
