//! Every command of the product, once.
