//! A first release file from what people already have. Pure.
