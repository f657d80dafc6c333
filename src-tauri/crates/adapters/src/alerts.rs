//! Alert sources: a file per product.

pub mod alertmanager;
