//! Metric sources: a file per product.
//!
//! Each reads whole buckets of a grid and tells apart why a number is not there; what is no
//! answer at all (an error status, a page, a document of another shape) is a fault and never a
//! number. Values reach a query only quoted as its language wants it.

pub mod cloudwatch;
pub mod datadog;
pub mod json_http;
pub mod prometheus;

mod fill;
mod window;
