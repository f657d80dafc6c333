//! Routers: an adapter per product.

pub mod haproxy;
